<?php
/**
 * What went wrong with the bridge, in words.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

use WP_Error;

defined( 'ABSPATH' ) || exit;

/** Errors with a cause and a remedy. */
final class Trouble {

	/**
	 * No answer came.
	 *
	 * @param WP_Error $error What WordPress's transport says.
	 * @param string   $url   The bridge's address.
	 */
	public static function of_transport( WP_Error $error, string $url ): WP_Error {
		$host = (string) wp_parse_url( $url, PHP_URL_HOST );
		$said = $error->get_error_message();
		$code = self::cause_of( $error );
		$text = array(
			/* translators: %s: host name of the bridge */
			'crosswalk_dns'         => __( 'There is no server named %s. Look for a typing mistake, or set its name up with your provider.', 'crosswalk' ),
			/* translators: %s: host name of the bridge */
			'crosswalk_refused'     => __( 'The server %s is there, but nothing answers at this address. Is the bridge running, and is the port right?', 'crosswalk' ),
			/* translators: %s: host name of the bridge */
			'crosswalk_tls'         => __( 'The connection to %s is not secure: its certificate is not valid for this name, or has ended. Renew it on the server of the bridge.', 'crosswalk' ),
			/* translators: %s: host name of the bridge */
			'crosswalk_timeout'     => __( 'The bridge at %s did not answer in time. Your shop is not affected; new orders are fetched once it is back.', 'crosswalk' ),
			/* translators: %s: host name of the bridge */
			'crosswalk_blocked'     => __( 'This WordPress may not call other servers (WP_HTTP_BLOCK_EXTERNAL). Add %s to WP_ACCESSIBLE_HOSTS in wp-config.php.', 'crosswalk' ),
			/* translators: %s: host name of the bridge */
			'crosswalk_unreachable' => __( 'The bridge at %s does not answer. Your shop is not affected; new orders are fetched once it is back.', 'crosswalk' ),
		);
		return new WP_Error( $code, sprintf( $text[ $code ], $host ), array( 'said' => $said ) );
	}

	/**
	 * An answer came that is not a good one.
	 *
	 * @param array{status:int,text:string,json:mixed} $answer As `Bridge` gives it.
	 */
	public static function of_answer( array $answer ): WP_Error {
		$said = is_array( $answer['json'] ) && isset( $answer['json']['error'] ) && is_array( $answer['json']['error'] ) ? $answer['json']['error'] : null;
		if ( null === $said || ! isset( $said['code'] ) || ! is_string( $said['code'] ) ) {
			return new WP_Error(
				'crosswalk_no_bridge',
				__( 'Something answers at this address, but it is not a bridge. Enter the address that the console of your bridge has.', 'crosswalk' ),
				array( 'status' => $answer['status'] )
			);
		}
		$known = self::texts();
		$text  = $known[ $said['code'] ] ?? ( isset( $said['message'] ) && is_string( $said['message'] ) ? $said['message'] : '' );
		return new WP_Error(
			'crosswalk_' . $said['code'],
			$text,
			array(
				'status' => $answer['status'],
				'said'   => $said['message'] ?? '',
			)
		);
	}

	/**
	 * The site has another address than the one it was paired under.
	 *
	 * @param string $former That address.
	 */
	public static function moved( string $former ): string {
		return sprintf(
			/* translators: 1: address the shop was connected under, 2: its address now */
			__( 'This shop was connected as %1$s and is now at %2$s. So that a copy does not act for your shop, nothing is sent. If the shop has moved, connect it again with a new code.', 'crosswalk' ),
			$former,
			Settings::site_url()
		);
	}

	/**
	 * Words for the bridge's codes that are met before its screens are there to show its own.
	 *
	 * @return array<string,string>
	 */
	private static function texts(): array {
		return array(
			'clock_differs'        => __( 'The clocks of this shop and of the bridge differ by more than 5 minutes. Set the wrong one right (on the server: timedatectl set-ntp true), then try again.', 'crosswalk' ),
			'unauthorized'         => __( 'The bridge does not know this shop any more. Connect it again with a new code.', 'crosswalk' ),
			'rate_limited'         => __( 'There were too many tries. Wait a few minutes, then try again.', 'crosswalk' ),
			'pairing_code_unknown' => __( 'The bridge does not know this code. Compare it with the one that the console shows, or make a new one there under “WordPress sites”.', 'crosswalk' ),
			'pairing_code_expired' => __( 'Codes live 10 minutes. Make a new one in the console under “WordPress sites”.', 'crosswalk' ),
			'pairing_code_spent'   => __( 'This code was used already, or tried too often. Make a new one in the console under “WordPress sites”.', 'crosswalk' ),
		);
	}

	/**
	 * The kind of trouble, from the words of cURL or of PHP's streams.
	 *
	 * @param WP_Error $error What the transport says.
	 */
	private static function cause_of( WP_Error $error ): string {
		if ( 'http_request_not_executed' === $error->get_error_code() ) {
			return 'crosswalk_blocked';
		}
		$said = $error->get_error_message();
		foreach ( array(
			'crosswalk_dns'     => '/cURL error 6\b|resolve host|getaddrinfo|name or service not known/i',
			'crosswalk_refused' => '/cURL error 7\b|connection refused|failed to connect/i',
			'crosswalk_tls'     => '/cURL error (?:35|51|53|54|58|59|60|66|77|80|82|83|90|91)\b|certificate|ssl|tls/i',
			'crosswalk_timeout' => '/cURL error 28\b|timed? ?out/i',
		) as $code => $words ) {
			if ( preg_match( $words, $said ) ) {
				return $code;
			}
		}
		return 'crosswalk_unreachable';
	}
}
