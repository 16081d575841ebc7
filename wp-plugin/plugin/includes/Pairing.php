<?php
/**
 * Pairing with a bridge.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

use WP_Error;

defined( 'ABSPATH' ) || exit;

/**
 * Looks at the address step by step, then both sides prove that they know the code. The code itself is never sent, and
 * neither is the key that both make of it.
 */
final class Pairing {

	/** How far the clocks may be apart, in seconds; the bridge has the same. */
	const CLOCK_SECONDS = 300;

	/**
	 * Tests an address and, where all is well, pairs.
	 *
	 * @param string $typed_url  As typed.
	 * @param string $typed_code As typed.
	 * @return Checks Connected when none failed.
	 */
	public static function connect( string $typed_url, string $typed_code ): Checks {
		$checks = new Checks();
		$url    = Bridge_Address::read( $typed_url );
		if ( is_wp_error( $url ) ) {
			return $checks->failed( 'address', $url );
		}
		$code = Request_Signer::bare_code( $typed_code );
		if ( ! self::look( $url, $checks ) ) {
			return $checks;
		}
		if ( '' === $code ) {
			return $checks->failed( 'code', new WP_Error( 'crosswalk_code', __( 'A code has 16 letters and digits, such as 7K4M-2QXP-9HTB-3WVE. Copy it from the console, under “WordPress sites”.', 'crosswalk' ) ) );
		}
		$paired = self::pair( $url, $code );
		if ( is_wp_error( $paired ) ) {
			return $checks->failed( 'code', $paired );
		}
		Settings::keep( $paired );
		return $checks->ok( 'code', __( 'The code is right, and the bridge has proved itself', 'crosswalk' ) );
	}

	/**
	 * Address, encryption, whether it is a bridge, and its clock.
	 *
	 * @param string $url    The bridge's address.
	 * @param Checks $checks Gets a line for each.
	 * @return bool Whether all is well.
	 */
	public static function look( string $url, Checks $checks ): bool {
		$began  = microtime( true );
		$answer = Bridge::send( $url, 'GET', '/pairing/hello' );
		$ms     = (int) round( 1000 * ( microtime( true ) - $began ) );
		if ( is_wp_error( $answer ) && 'crosswalk_tls' !== $answer->get_error_code() ) {
			$checks->failed( 'address', $answer );
			return false;
		}
		/* translators: %d: milliseconds */
		$checks->ok( 'address', sprintf( __( 'The address answers (%d ms)', 'crosswalk' ), $ms ) );
		if ( is_wp_error( $answer ) ) {
			$checks->failed( 'secure', $answer );
			return false;
		}
		$encrypted = 0 === strpos( $url, 'https:' );
		$checks->ok( 'secure', $encrypted ? __( 'The connection is secure', 'crosswalk' ) : __( 'The connection is not encrypted, which is enough within one machine or network', 'crosswalk' ) );
		$said = is_array( $answer['json'] ) ? $answer['json'] : array();
		if ( 200 !== $answer['status'] || 'bridge' !== ( $said['crosswalk'] ?? '' ) || ! is_int( $said['time'] ?? null ) ) {
			$checks->failed( 'bridge', Trouble::of_answer( array( 'json' => null ) + $answer ) );
			return false;
		}
		if ( 1 !== ( $said['pairing'] ?? 0 ) ) {
			$checks->failed( 'bridge', new WP_Error( 'crosswalk_version', __( 'This bridge is of another version. Update the bridge or this plugin, whichever is older.', 'crosswalk' ) ) );
			return false;
		}
		$checks->ok( 'bridge', __( 'It is a bridge', 'crosswalk' ) );
		return self::look_at_clock( (int) $said['time'], $checks );
	}

	/**
	 * Compares the clocks.
	 *
	 * @param int    $bridge Seconds since 1970, by the bridge.
	 * @param Checks $checks Gets a line.
	 */
	private static function look_at_clock( int $bridge, Checks $checks ): bool {
		$ahead   = $bridge - time();
		$minutes = (int) round( abs( $ahead ) / 60 );
		if ( abs( $ahead ) <= self::CLOCK_SECONDS ) {
			$checks->ok( 'clock', __( 'The clocks agree', 'crosswalk' ) );
			return true;
		}
		$text = $ahead > 0
			/* translators: %d: minutes */
			? _n( 'The bridge’s clock is %d minute ahead of your shop’s; 5 are allowed. Set the wrong one right (on the server: timedatectl set-ntp true), then test again.', 'The bridge’s clock is %d minutes ahead of your shop’s; 5 are allowed. Set the wrong one right (on the server: timedatectl set-ntp true), then test again.', $minutes, 'crosswalk' )
			/* translators: %d: minutes */
			: _n( 'The bridge’s clock is %d minute behind your shop’s; 5 are allowed. Set the wrong one right (on the server: timedatectl set-ntp true), then test again.', 'The bridge’s clock is %d minutes behind your shop’s; 5 are allowed. Set the wrong one right (on the server: timedatectl set-ntp true), then test again.', $minutes, 'crosswalk' );
		$checks->failed( 'clock', new WP_Error( 'crosswalk_clock_differs', sprintf( $text, $minutes ) ) );
		return false;
	}

	/**
	 * Both sides prove that they know the code.
	 *
	 * @param string $url  The bridge's address.
	 * @param string $code Bare.
	 * @return array{url:string,site_id:string,key:string,workspace:string}|WP_Error
	 */
	private static function pair( string $url, string $code ) {
		$name  = Request_Signer::code_name( $code );
		$nonce = bin2hex( random_bytes( 32 ) );
		$begun = self::post(
			$url,
			'/pairing/start',
			array(
				'codeName'      => $name,
				'site'          => Settings::site_url(),
				'nonce'         => $nonce,
				'pluginVersion' => VERSION,
			)
		);
		if ( is_wp_error( $begun ) ) {
			return $begun;
		}
		$offer = array(
			'site_nonce'   => $nonce,
			'bridge_nonce' => (string) ( $begun['nonce'] ?? '' ),
			'site_url'     => Settings::site_url(),
			'site_id'      => (string) ( $begun['siteId'] ?? '' ),
		);
		$proof = bin2hex( Request_Signer::pairing_mac( $code, 'bridge', $offer ) );
		if ( ! hash_equals( $proof, (string) ( $begun['proof'] ?? '' ) ) ) {
			return new WP_Error( 'crosswalk_impostor', __( 'What answers here does not know the code: it is not your bridge. Nothing was told to it. Look at the address again.', 'crosswalk' ) );
		}
		$paired = array(
			'url'       => $url,
			'site_id'   => $offer['site_id'],
			'key'       => Request_Signer::pairing_mac( $code, 'key', $offer ),
			'workspace' => '',
		);
		$done   = self::post(
			$url,
			'/pairing/finish',
			array(
				'codeName' => $name,
				'siteId'   => $offer['site_id'],
				'proof'    => bin2hex( Request_Signer::pairing_mac( $code, 'site', $offer ) ),
			)
		);
		if ( is_wp_error( $done ) ) {
			return self::was_done( $paired, $done );
		}
		return array_merge( $paired, array( 'workspace' => (string) ( $done['workspace'] ?? '' ) ) );
	}

	/**
	 * The answer to the last step was lost: the bridge may have taken it all the same. Then it knows our signature.
	 *
	 * @param array    $paired What would be kept.
	 * @param WP_Error $error  Why there is no answer.
	 * @return array|WP_Error
	 */
	private static function was_done( array $paired, WP_Error $error ) {
		if ( ! in_array( $error->get_error_code(), array( 'crosswalk_timeout', 'crosswalk_unreachable' ), true ) ) {
			return $error;
		}
		$before = get_option( Settings::OPTION );
		Settings::keep( $paired );
		if ( ! is_wp_error( Bridge::ask( 'GET', '/me' ) ) ) {
			return $paired;
		}
		if ( false === $before ) {
			Settings::forget();
		} else {
			update_option( Settings::OPTION, $before, false );
		}
		return $error;
	}

	/**
	 * A step that needs no signature.
	 *
	 * @param string $url  The bridge's address.
	 * @param string $path Below its API.
	 * @param array  $data Becomes JSON.
	 * @return array|WP_Error
	 */
	private static function post( string $url, string $path, array $data ) {
		$answer = Bridge::send( $url, 'POST', $path, (string) wp_json_encode( $data ) );
		if ( is_wp_error( $answer ) ) {
			return $answer;
		}
		return 200 === $answer['status'] && is_array( $answer['json'] ) ? $answer['json'] : Trouble::of_answer( $answer );
	}
}
