<?php
/**
 * What the order panel's script asks.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

use WP_Error;
use WP_REST_Request;
use WP_REST_Response;

defined( 'ABSPATH' ) || exit;

/** Reads one order's state from the bridge, or asks for it to be sent. Answers the panel's own HTML, escaped here. */
final class Order_Rest {

	/** Hooks in. */
	public static function register(): void {
		add_action( 'rest_api_init', array( __CLASS__, 'add_routes' ) );
	}

	/** The routes. */
	public static function add_routes(): void {
		$args = array(
			'id' => array(
				'type'     => 'integer',
				'minimum'  => 1,
				'required' => true,
			),
		);
		foreach ( array( '' => array( 'GET', 'look' ), '/sync' => array( 'POST', 'sync' ) ) as $end => list( $method, $callback ) ) { // phpcs:ignore WordPress.Arrays.ArrayDeclarationSpacing
			register_rest_route(
				Rest_Proxy::SPACE,
				'/orders/(?P<id>\d+)' . $end,
				array(
					'methods'             => $method,
					'callback'            => array( __CLASS__, $callback ),
					'permission_callback' => array( Rest_Proxy::class, 'may' ),
					'show_in_index'       => false,
					'args'                => $args,
				)
			);
		}
	}

	/**
	 * The state as it is now.
	 *
	 * @param WP_REST_Request $request The call.
	 * @return WP_REST_Response|WP_Error
	 */
	public static function look( WP_REST_Request $request ) {
		$order = (int) $request['id'];
		$read  = Order_Sync::read_order( $order );
		return is_wp_error( $read ) ? self::refused( $read ) : self::panel( $order, '' );
	}

	/**
	 * Asks the bridge to send the order.
	 *
	 * @param WP_REST_Request $request The call.
	 * @return WP_REST_Response|WP_Error
	 */
	public static function sync( WP_REST_Request $request ) {
		$order = (int) $request['id'];
		$asked = Order_Sync::ask_for( $order );
		if ( is_wp_error( $asked ) ) {
			return self::refused( $asked );
		}
		$said = 0 === $asked
			? __( 'No flow carries orders yet.', 'crosswalk' )
			/* translators: %s: time of day */
			: sprintf( __( 'Asked at %s', 'crosswalk' ), (string) wp_date( (string) get_option( 'time_format' ) ) );
		return self::panel( $order, $said );
	}

	/**
	 * The answer.
	 *
	 * @param int    $order Its number.
	 * @param string $said  A word to what was asked.
	 */
	private static function panel( int $order, string $said ): WP_REST_Response {
		ob_start();
		Order_Panel::show_state( $order );
		$rows = Order_States::of( array( $order ) )[ $order ];
		return new WP_REST_Response(
			array(
				'html'    => (string) ob_get_clean(),
				'said'    => $said,
				// Tells one state from the next.
				'version' => md5( (string) wp_json_encode( wp_list_pluck( $rows, 'updated_at', 'flow_id' ) ) ),
			)
		);
	}

	/**
	 * The bridge's refusal as one of this site.
	 *
	 * @param WP_Error $error Whose words are shown.
	 */
	private static function refused( WP_Error $error ): WP_Error {
		return new WP_Error( $error->get_error_code(), $error->get_error_message(), array( 'status' => 502 ) );
	}
}
