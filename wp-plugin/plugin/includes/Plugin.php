<?php
/**
 * What the plugin adds to WordPress.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

defined( 'ABSPATH' ) || exit;

/** Hooks every part in. Without WooCommerce there is nothing to do. */
final class Plugin {

	/** Who may see and use Crosswalk. */
	const CAPABILITY = 'manage_woocommerce';

	/** On `plugins_loaded`. */
	public static function start(): void {
		if ( ! class_exists( 'WooCommerce' ) ) {
			return;
		}
		add_action( 'init', array( __CLASS__, 'load_texts' ) );
		Admin_Page::register();
		Connect_Page::register();
		Rest_Proxy::register();
		Order_Rest::register();
		Order_Column::register();
		Order_Panel::register();
		Order_Sync::register();
		Site_Health::register();
		Status_Report::register();
		Privacy::register();
	}

	/** Languages that come with the plugin; those of the directory are loaded by WordPress itself. */
	public static function load_texts(): void {
		// phpcs:ignore PluginCheck.CodeAnalysis.DiscouragedFunctions.load_plugin_textdomainFound -- The plugin brings its languages along.
		load_plugin_textdomain( 'crosswalk', false, dirname( plugin_basename( PLUGIN_FILE ) ) . '/languages' );
	}
}
