<?php
/**
 * What is kept of the bridge.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

defined( 'ABSPATH' ) || exit;

/**
 * The bridge this site is paired with. Kept in one option that is not loaded with every page; the key is sealed with this
 * site's own salts, so that a copy of the database alone cannot sign.
 */
final class Settings {

	const OPTION = 'crosswalk_bridge';

	/** The site's address, as pairing names it. */
	public static function site_url(): string {
		return untrailingslashit( home_url() );
	}

	/**
	 * The bridge as it is kept, or null where none is.
	 *
	 * @return array{url:string,site_id:string,key:string,site_url:string,workspace:string,paired_at:int,connection_id:string,woo_key_id:int}|null
	 */
	public static function bridge(): ?array {
		$kept = get_option( self::OPTION );
		if ( ! is_array( $kept ) || empty( $kept['url'] ) || empty( $kept['site_id'] ) || empty( $kept['key'] ) ) {
			return null;
		}
		return array_merge(
			array(
				'workspace'     => '',
				'site_url'      => '',
				'paired_at'     => 0,
				'connection_id' => '',
				'woo_key_id'    => 0,
			),
			$kept
		);
	}

	/** True when the site was paired under the address it has now. A copy at another address must not act for the shop. */
	public static function is_connected(): bool {
		$bridge = self::bridge();
		return null !== $bridge && self::site_url() === $bridge['site_url'];
	}

	/** The address the site had when it was paired, where that is another one than now; else an empty text. */
	public static function former_url(): string {
		$bridge = self::bridge();
		return null === $bridge || self::site_url() === $bridge['site_url'] ? '' : $bridge['site_url'];
	}

	/** The key that requests are signed with; null where it cannot be read, as after a change of the site's salts. */
	public static function signing_key(): ?string {
		$bridge = self::bridge();
		return null === $bridge ? null : Secret_Box::open( $bridge['key'] );
	}

	/**
	 * Keeps a new pairing.
	 *
	 * @param array{url:string,site_id:string,key:string,workspace:string} $paired The key as bytes.
	 */
	public static function keep( array $paired ): void {
		$before = self::bridge();
		if ( null !== $before ) {
			// A WooCommerce key of before is taken back once the bridge has a new one.
			$paired['woo_key_id'] = $before['woo_key_id'];
		}
		$paired['key']       = Secret_Box::seal( $paired['key'] );
		$paired['site_url']  = self::site_url();
		$paired['paired_at'] = time();
		update_option( self::OPTION, $paired, false );
	}

	/**
	 * Adds what was learned later: the shop's connection, the WooCommerce key.
	 *
	 * @param array<string,mixed> $more By name.
	 */
	public static function add( array $more ): void {
		$kept = get_option( self::OPTION );
		if ( is_array( $kept ) ) {
			update_option( self::OPTION, array_merge( $kept, $more ), false );
		}
	}

	/** Forgets the bridge. */
	public static function forget(): void {
		delete_option( self::OPTION );
	}
}
