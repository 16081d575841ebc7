<?php
/**
 * The way of the screens to the bridge.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

use WP_Error;
use WP_REST_Request;
use WP_REST_Response;

defined( 'ABSPATH' ) || exit;

/**
 * Signs and passes on. The bridge's path comes as one parameter, with its own query in it: below the route, WordPress
 * would decode it once or not, as the permalinks are, and mix its own parameters in.
 */
final class Rest_Proxy {

	const SPACE = 'crosswalk/v1';
	const ROUTE = '/bridge';
	/** As the bridge. */
	const LARGEST_BODY = 1048576;

	/** Hooks in. */
	public static function register(): void {
		add_action( 'rest_api_init', array( __CLASS__, 'add_route' ) );
	}

	/** The route. */
	public static function add_route(): void {
		register_rest_route(
			self::SPACE,
			self::ROUTE,
			array(
				'methods'             => array( 'GET', 'POST', 'PUT', 'PATCH', 'DELETE' ),
				'callback'            => array( __CLASS__, 'pass_on' ),
				'permission_callback' => array( __CLASS__, 'may' ),
				'show_in_index'       => false,
			)
		);
	}

	/**
	 * Only who may manage WooCommerce, signed in, with the nonce that WordPress asks for.
	 *
	 * @return true|WP_Error
	 */
	public static function may() {
		if ( current_user_can( Plugin::CAPABILITY ) ) {
			return true;
		}
		return new WP_Error(
			'crosswalk_forbidden',
			__( 'For this you need the right to manage WooCommerce. An administrator can give it to you.', 'crosswalk' ),
			array( 'status' => rest_authorization_required_code() )
		);
	}

	/**
	 * True for a path below the bridge's API that stays there.
	 *
	 * @param mixed $value What was sent.
	 */
	public static function is_path( $value ): bool {
		if ( ! is_string( $value ) || strlen( $value ) > 4000 || ! preg_match( '#^/[A-Za-z0-9][A-Za-z0-9/_.~%!*\'(),;:@&=+$-]*(?:\?[A-Za-z0-9/_.~%!*\'(),;:@&=+$?-]*)?$#D', $value ) ) {
			return false;
		}
		foreach ( explode( '/', (string) strtok( $value, '?' ) ) as $part ) {
			if ( in_array( rawurldecode( $part ), array( '.', '..' ), true ) ) {
				return false;
			}
		}
		return false === strpos( (string) strtok( $value, '?' ), '//' );
	}

	/**
	 * Passes a call on, and the answer back as it is.
	 *
	 * @param WP_REST_Request $request The call.
	 * @return WP_REST_Response|WP_Error
	 */
	public static function pass_on( WP_REST_Request $request ) {
		$query = $request->get_query_params();
		if ( ! self::is_path( $query['path'] ?? null ) ) {
			return new WP_Error( 'crosswalk_path', __( 'This is no address of the bridge.', 'crosswalk' ), array( 'status' => 400 ) );
		}
		$method = $request->get_method();
		$body   = 'GET' === $method || '' === (string) $request->get_body() ? null : (string) $request->get_body();
		if ( null !== $body && strlen( $body ) > self::LARGEST_BODY ) {
			return new WP_Error( 'crosswalk_too_large', __( 'That is too much for one call.', 'crosswalk' ), array( 'status' => 413 ) );
		}
		$answer = Bridge::call( $method, $query['path'], $body );
		if ( is_wp_error( $answer ) ) {
			$answer->add_data( array( 'status' => 502 ) + (array) $answer->get_error_data() );
			return $answer;
		}
		// A refusal of this site, not of the user: WordPress's own 401 would send people to sign in again.
		if ( 401 === $answer['status'] || null === $answer['json'] ) {
			$trouble = Trouble::of_answer( $answer );
			$trouble->add_data( array( 'status' => 502 ) );
			return $trouble;
		}
		// Decoded anew: as arrays, empty objects would become lists.
		$response = new WP_REST_Response( json_decode( $answer['text'] ), $answer['status'] );
		$response->header( 'Cache-Control', 'no-store' );
		return $response;
	}
}
