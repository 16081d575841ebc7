<?php
/**
 * Requests to the bridge.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

use WP_Error;

defined( 'ABSPATH' ) || exit;

/** The one place that sends anything out of this site. */
final class Bridge {

	/** Below the bridge's address. */
	const API = '/api';

	/** Seconds a look may take. */
	const READ_SECONDS = 20;
	/** Seconds that work may take: a check of a shop, a preview. */
	const WORK_SECONDS = 60;
	/** More is no answer of a bridge. */
	const LARGEST_BYTES = 8388608;

	/**
	 * Calls the bridge in the name of a user.
	 *
	 * @param string      $method GET, POST, PUT, PATCH or DELETE.
	 * @param string      $path   Below the API, with its query.
	 * @param string|null $body   JSON, or null for none.
	 * @param int|null    $user   User it is done for; null: who is signed in. 0: the site itself.
	 * @return array{status:int,text:string,json:mixed}|WP_Error Answers of any status, or why there is none.
	 */
	public static function call( string $method, string $path, ?string $body = null, ?int $user = null ) {
		$bridge = Settings::bridge();
		if ( null === $bridge ) {
			return new WP_Error( 'crosswalk_not_connected', __( 'This shop is not connected with a bridge yet.', 'crosswalk' ) );
		}
		if ( ! Settings::is_connected() ) {
			return new WP_Error( 'crosswalk_moved', Trouble::moved( $bridge['site_url'] ) );
		}
		$key = Settings::signing_key();
		if ( null === $key ) {
			return new WP_Error( 'crosswalk_key_lost', __( 'The key of this connection cannot be read, since the secret keys in wp-config.php were changed. Connect the bridge again with a new code.', 'crosswalk' ) );
		}
		$user   = null === $user ? get_current_user_id() : $user;
		$header = Request_Signer::header(
			$key,
			array(
				'method' => $method,
				'path'   => self::API . $path,
				'body'   => (string) $body,
			),
			array(
				'site'  => $bridge['site_id'],
				'user'  => (string) $user,
				'role'  => self::role_of( $user ),
				'time'  => (string) time(),
				'nonce' => bin2hex( random_bytes( 16 ) ),
			)
		);
		return self::send( $bridge['url'], $method, $path, $body, array( 'Authorization' => $header ) );
	}

	/**
	 * Calls, and takes only a good answer.
	 *
	 * @param string     $method As above.
	 * @param string     $path   As above.
	 * @param array|null $data   Becomes the JSON body.
	 * @param int|null   $user   As above.
	 * @return mixed|WP_Error The answer's data; an error's `code` is the bridge's own, with `crosswalk_` before it.
	 */
	public static function ask( string $method, string $path, ?array $data = null, ?int $user = null ) {
		$answer = self::call( $method, $path, null === $data ? null : (string) wp_json_encode( $data ), $user );
		if ( is_wp_error( $answer ) ) {
			return $answer;
		}
		return $answer['status'] >= 200 && $answer['status'] < 300 ? $answer['json'] : Trouble::of_answer( $answer );
	}

	/**
	 * Sends, without a signature of its own making.
	 *
	 * @param string                $url     The bridge's address.
	 * @param string                $method  As above.
	 * @param string                $path    As above.
	 * @param string|null           $body    As above.
	 * @param array<string,string>  $headers More headers.
	 * @return array{status:int,text:string,json:mixed}|WP_Error
	 */
	public static function send( string $url, string $method, string $path, ?string $body = null, array $headers = array() ) {
		$arguments = array(
			'method'              => $method,
			'timeout'             => 'GET' === $method ? self::READ_SECONDS : self::WORK_SECONDS,
			// A bridge does not redirect, and what is signed is for it alone.
			'redirection'         => 0,
			'limit_response_size' => self::LARGEST_BYTES,
			'headers'             => $headers + array( 'Accept' => 'application/json' ),
			'user-agent'          => 'Crosswalk/' . VERSION . ' (WordPress)',
		);
		if ( null !== $body ) {
			$arguments['body']                    = $body;
			$arguments['headers']['Content-Type'] = 'application/json';
		}
		$answer = wp_remote_request( untrailingslashit( $url ) . self::API . $path, $arguments );
		if ( is_wp_error( $answer ) ) {
			return Trouble::of_transport( $answer, $url );
		}
		$text = wp_remote_retrieve_body( $answer );
		return array(
			'status' => (int) wp_remote_retrieve_response_code( $answer ),
			'text'   => $text,
			'json'   => json_decode( $text, true ),
		);
	}

	/**
	 * What a user may do on the bridge. Who may manage WooCommerce may do all there; the site itself only reads, unless
	 * somebody asked it to.
	 *
	 * @param int $user Number of the user, or 0.
	 */
	private static function role_of( int $user ): string {
		return user_can( $user, Plugin::CAPABILITY ) ? 'owner' : 'viewer';
	}
}
