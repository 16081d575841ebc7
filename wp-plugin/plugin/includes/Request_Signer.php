<?php
/**
 * Signatures and proofs, as the bridge checks them.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

defined( 'ABSPATH' ) || exit;

/** Pure: no clock, no options, no network. */
final class Request_Signer {

	/**
	 * The Authorization header of a request.
	 *
	 * @param string               $key     What the site signs with, bytes.
	 * @param array<string,string> $request `method`, `path` from /api on with its query, `body`.
	 * @param array<string,string> $claims  `site`, `user`, `role`, `time` in seconds, `nonce` of 32 hex digits.
	 */
	public static function header( string $key, array $request, array $claims ): string {
		$body      = hash( 'sha256', $request['body'] );
		$lines     = array(
			'crosswalk-request-1',
			$request['method'],
			$request['path'],
			$body,
			$claims['time'],
			$claims['nonce'],
			$claims['site'],
			$claims['user'],
			$claims['role'],
		);
		$signature = hash_hmac( 'sha256', implode( "\n", $lines ), $key );
		return sprintf(
			'Crosswalk-HMAC-SHA256 site=%s, user=%s, role=%s, time=%s, nonce=%s, body=%s, signature=%s',
			$claims['site'],
			$claims['user'],
			$claims['role'],
			$claims['time'],
			$claims['nonce'],
			$body,
			$signature
		);
	}

	/**
	 * How a pairing code is named to the bridge. It tells nothing of the code.
	 *
	 * @param string $code As `bare_code` gives it.
	 */
	public static function code_name( string $code ): string {
		return bin2hex( hash_hkdf( 'sha256', $code, 16, 'crosswalk/pairing-name/1' ) );
	}

	/**
	 * A proof of knowing the code, or with the role `key` what the site signs with from then on. Bytes.
	 *
	 * @param string               $code  As `bare_code` gives it.
	 * @param string               $role  `bridge`, `site` or `key`.
	 * @param array<string,string> $offer `site_nonce`, `bridge_nonce`, `site_url`, `site_id`.
	 */
	public static function pairing_mac( string $code, string $role, array $offer ): string {
		$key   = hash_hkdf( 'sha256', $code, 32, 'crosswalk/pairing/1' );
		$lines = array( 'crosswalk-pairing-1', $role, $offer['site_nonce'], $offer['bridge_nonce'], $offer['site_url'], $offer['site_id'] );
		return hash_hmac( 'sha256', implode( "\n", $lines ), $key, true );
	}

	/**
	 * A code without what people add or mistake in typing: dashes, spaces, small letters, O for 0, I and L for 1. Empty
	 * where it cannot be one.
	 *
	 * @param string $typed What was typed.
	 */
	public static function bare_code( string $typed ): string {
		$letters = preg_replace( '/[\s\-–—]+/u', '', $typed );
		// Not strtoupper: before PHP 8.2 it follows the server's locale.
		$code = strtr( (string) $letters, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' );
		$code = strtr( $code, 'OIL', '011' );
		return preg_match( '/^[0-9A-HJKMNP-TV-Z]{16}$/', $code ) ? $code : '';
	}
}
