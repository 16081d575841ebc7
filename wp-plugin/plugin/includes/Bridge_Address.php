<?php
/**
 * The bridge's address as somebody types it.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

use WP_Error;

defined( 'ABSPATH' ) || exit;

/** Pure. */
final class Bridge_Address {

	/**
	 * The address as it is kept: scheme, host, port and sub-folder, without a slash at the end; `https://` is put in front
	 * where no scheme was given.
	 *
	 * @param string $typed What was typed.
	 * @return string|WP_Error
	 */
	public static function read( string $typed ) {
		$text  = trim( $typed );
		$text  = preg_match( '#^[a-z][a-z0-9+.-]*://#i', $text ) ? $text : 'https://' . $text;
		$parts = wp_parse_url( $text );
		if ( ! is_array( $parts ) || empty( $parts['host'] ) || isset( $parts['user'] ) || isset( $parts['pass'] ) || preg_match( '/\s/', $text ) ) {
			return new WP_Error( 'crosswalk_address', __( 'Enter the address of your bridge as in the browser, such as https://bridge.example.com.', 'crosswalk' ) );
		}
		$scheme = strtolower( $parts['scheme'] );
		$host   = strtolower( $parts['host'] );
		if ( 'https' !== $scheme && ! ( 'http' === $scheme && self::is_near( $host ) ) ) {
			return new WP_Error( 'crosswalk_address', __( 'The address must begin with https://. Without encryption a bridge may only run on this machine or in its own network.', 'crosswalk' ) );
		}
		$port = isset( $parts['port'] ) ? ':' . $parts['port'] : '';
		$path = isset( $parts['path'] ) ? rtrim( $parts['path'], '/' ) : '';
		// People copy the console's address or the API's.
		$path = preg_replace( '#/api$#', '', $path );
		return $scheme . '://' . $host . $port . $path;
	}

	/**
	 * True for this machine and its own network: there a request need not be encrypted.
	 *
	 * @param string $host In small letters.
	 */
	public static function is_near( string $host ): bool {
		$bare = trim( $host, '[]' );
		if ( filter_var( $bare, FILTER_VALIDATE_IP ) ) {
			return ! filter_var( $bare, FILTER_VALIDATE_IP, FILTER_FLAG_NO_PRIV_RANGE | FILTER_FLAG_NO_RES_RANGE );
		}
		return false === strpos( $bare, '.' ) || (bool) preg_match( '/\.(?:local|internal|localhost|lan)$/', $bare );
	}
}
