<?php
/**
 * Ending the connection.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

defined( 'ABSPATH' ) || exit;

/** Tells the bridge, and removes what was made in this shop. Works also where the bridge is gone. */
final class Disconnection {

	/** Ends it on both sides; whatever the bridge says, nothing is left here. */
	public static function run(): void {
		$bridge = Settings::bridge();
		if ( null !== $bridge && Settings::is_connected() ) {
			if ( '' !== $bridge['connection_id'] ) {
				// First this: it takes the webhooks away, by the key that goes next.
				Bridge::ask( 'POST', '/connections/' . rawurlencode( $bridge['connection_id'] ) . '/disconnect' );
			}
			Bridge::ask( 'DELETE', '/pairing/sites/' . rawurlencode( $bridge['site_id'] ) );
		}
		self::remove_local();
	}

	/** What this plugin has made in the shop; not its table, which goes with the plugin. */
	public static function remove_local(): void {
		$bridge = Settings::bridge();
		if ( null !== $bridge && $bridge['woo_key_id'] ) {
			Woo_Keys::remove( (int) $bridge['woo_key_id'] );
		}
		Order_Sync::stop();
		Order_States::forget_all();
		Settings::forget();
	}
}
