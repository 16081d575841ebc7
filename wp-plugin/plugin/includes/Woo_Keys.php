<?php
/**
 * The keys by which the bridge reads this shop.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

use WP_Error;

defined( 'ABSPATH' ) || exit;

/** Makes a REST API key as WooCommerce's own page does, and hands it to the bridge. The key is shown nowhere. */
final class Woo_Keys {

	/** In WooCommerce's list of keys. */
	const DESCRIPTION = 'Crosswalk';

	/**
	 * Makes a key, and lets the bridge check and keep it. One that was made before is replaced once the new one works.
	 *
	 * @param Checks $checks Gets the line `shop`.
	 */
	public static function hand_over( Checks $checks ): Checks {
		$key = self::make( get_current_user_id() );
		if ( is_wp_error( $key ) ) {
			return $checks->failed( 'shop', $key );
		}
		$answer = self::give( $key );
		if ( is_wp_error( $answer ) || empty( $answer['connection']['id'] ) ) {
			self::remove( $key['id'] );
			return $checks->failed( 'shop', is_wp_error( $answer ) ? $answer : self::refusal( $answer ) );
		}
		$former = Settings::bridge()['woo_key_id'] ?? 0;
		Settings::add(
			array(
				'connection_id' => (string) $answer['connection']['id'],
				'woo_key_id'    => $key['id'],
			)
		);
		if ( $former ) {
			self::remove( (int) $former );
		}
		$notes = self::findings( $answer, array( 'warning' ) );
		$fine  = __( 'The bridge can read this shop, by a key that was made for it', 'crosswalk' );
		return '' === $notes ? $checks->ok( 'shop', $fine ) : $checks->note( 'shop', $fine . '. ' . $notes );
	}

	/**
	 * Makes a read/write key.
	 *
	 * @param int $user Whose rights it has.
	 * @return array{id:int,consumer_key:string,consumer_secret:string}|WP_Error
	 */
	private static function make( int $user ) {
		global $wpdb;
		if ( ! function_exists( 'wc_rand_hash' ) || ! function_exists( 'wc_api_hash' ) ) {
			return new WP_Error( 'crosswalk_keys', __( 'WooCommerce is not there to make a key. Activate it and try again.', 'crosswalk' ) );
		}
		$consumer_key    = 'ck_' . wc_rand_hash();
		$consumer_secret = 'cs_' . wc_rand_hash();
		// WooCommerce has no function for it: its own page writes this table, too.
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery.DirectQuery
		$made = $wpdb->insert(
			$wpdb->prefix . 'woocommerce_api_keys',
			array(
				'user_id'         => $user,
				'description'     => self::DESCRIPTION,
				'permissions'     => 'read_write',
				'consumer_key'    => wc_api_hash( $consumer_key ),
				'consumer_secret' => $consumer_secret,
				'truncated_key'   => substr( $consumer_key, -7 ),
			),
			array( '%d', '%s', '%s', '%s', '%s', '%s' )
		);
		if ( ! $made ) {
			return new WP_Error( 'crosswalk_keys', __( 'A key for the bridge could not be saved. Look into WooCommerce → Status → Logs for errors of the database.', 'crosswalk' ) );
		}
		return array(
			'id'              => (int) $wpdb->insert_id,
			'consumer_key'    => $consumer_key,
			'consumer_secret' => $consumer_secret,
		);
	}

	/**
	 * Takes a key back.
	 *
	 * @param int $id In WooCommerce's table.
	 */
	public static function remove( int $id ): void {
		global $wpdb;
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery
		$wpdb->delete(
			$wpdb->prefix . 'woocommerce_api_keys',
			array(
				'key_id'      => $id,
				'description' => self::DESCRIPTION,
			),
			array( '%d', '%s' )
		);
	}

	/**
	 * Gives a key to the bridge: to the connection that this shop has there, or as a new one.
	 *
	 * @param array{id:int,consumer_key:string,consumer_secret:string} $key As made.
	 * @return mixed|WP_Error
	 */
	private static function give( array $key ) {
		$body = array(
			'settings'    => array( 'shopUrl' => Settings::site_url() ),
			'credentials' => array(
				'consumerKey'    => $key['consumer_key'],
				'consumerSecret' => $key['consumer_secret'],
			),
		);
		$made = Bridge::ask( 'POST', '/connections', array( 'connector' => 'woocommerce' ) + $body );
		if ( ! is_wp_error( $made ) || 'crosswalk_already_connected' !== $made->get_error_code() ) {
			return $made;
		}
		$id = self::connection_of( Settings::site_url() );
		if ( is_wp_error( $id ) || '' === $id ) {
			return is_wp_error( $id ) ? $id : $made;
		}
		return Bridge::ask( 'POST', '/connections/' . rawurlencode( $id ) . '/reconnect', $body );
	}

	/**
	 * The connection that this shop has on the bridge; empty where it has none.
	 *
	 * @param string $url Of the shop.
	 * @return string|WP_Error
	 */
	private static function connection_of( string $url ) {
		$list = Bridge::ask( 'GET', '/connections' );
		if ( is_wp_error( $list ) ) {
			return $list;
		}
		foreach ( $list['items'] ?? array() as $one ) {
			$same = untrailingslashit( (string) ( $one['settings']['shopUrl'] ?? '' ) ) === $url;
			if ( $same && 'woocommerce' === ( $one['connector'] ?? '' ) ) {
				return (string) $one['id'];
			}
		}
		return '';
	}

	/**
	 * Why the bridge did not take the key.
	 *
	 * @param array $answer The bridge's.
	 */
	private static function refusal( array $answer ): WP_Error {
		$text = self::findings( $answer, array( 'failed' ) );
		return new WP_Error( 'crosswalk_shop', '' === $text ? __( 'The bridge could not read this shop.', 'crosswalk' ) : $text );
	}

	/**
	 * Findings of a check in words.
	 *
	 * @param array    $answer The bridge's.
	 * @param string[] $states Which of them.
	 */
	private static function findings( array $answer, array $states ): string {
		$texts = array();
		foreach ( $answer['findings'] ?? array() as $one ) {
			if ( in_array( $one['state'] ?? '', $states, true ) ) {
				$texts[] = trim( ( $one['text'] ?? '' ) . ' ' . ( $one['remedy'] ?? '' ) );
			}
		}
		return implode( ' ', $texts );
	}
}
