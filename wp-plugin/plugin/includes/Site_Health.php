<?php
/**
 * Tests under Tools → Site Health.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

defined( 'ABSPATH' ) || exit;

/** One test that needs no call, and one that asks the bridge. */
final class Site_Health {

	/** Hooks in. */
	public static function register(): void {
		add_filter( 'site_status_tests', array( __CLASS__, 'add' ) );
		add_action( 'rest_api_init', array( __CLASS__, 'add_route' ) );
	}

	/**
	 * Adds the tests; none before the owner connects.
	 *
	 * @param array<string,array> $tests Those that are there.
	 * @return array<string,array>
	 */
	public static function add( $tests ) {
		if ( null === Settings::bridge() ) {
			return $tests;
		}
		$tests['direct']['crosswalk_site']  = array(
			'label' => __( 'Crosswalk: this site', 'crosswalk' ),
			'test'  => array( __CLASS__, 'test_site' ),
		);
		$tests['async']['crosswalk_bridge'] = array(
			'label'             => __( 'Crosswalk: the bridge', 'crosswalk' ),
			'test'              => rest_url( Rest_Proxy::SPACE . '/site-health' ),
			'has_rest'          => true,
			'async_direct_test' => array( __CLASS__, 'test_bridge' ),
		);
		return $tests;
	}

	/** Where the second test is asked. */
	public static function add_route(): void {
		register_rest_route(
			Rest_Proxy::SPACE,
			'/site-health',
			array(
				'methods'             => 'GET',
				'callback'            => array( __CLASS__, 'test_bridge' ),
				'permission_callback' => static function () {
					return current_user_can( 'view_site_health_checks' );
				},
				'show_in_index'       => false,
			)
		);
	}

	/**
	 * Address, permalinks, background work.
	 *
	 * @return array<string,mixed>
	 */
	public static function test_site(): array {
		$former = Settings::former_url();
		if ( '' !== $former ) {
			return self::result( 'crosswalk_site', 'critical', __( 'Crosswalk is connected for another address', 'crosswalk' ), Trouble::moved( $former ) );
		}
		if ( null === Settings::signing_key() ) {
			return self::result( 'crosswalk_site', 'critical', __( 'Crosswalk cannot read its key', 'crosswalk' ), __( 'The secret keys in wp-config.php were changed. Connect the bridge again with a new code.', 'crosswalk' ) );
		}
		if ( '' === (string) get_option( 'permalink_structure' ) ) {
			return self::result( 'crosswalk_site', 'critical', __( 'With plain permalinks the bridge cannot read this shop', 'crosswalk' ), __( 'Open Settings → Permalinks, choose any structure but “Plain”, and save.', 'crosswalk' ) );
		}
		if ( defined( 'DISABLE_WP_CRON' ) && DISABLE_WP_CRON ) {
			return self::result( 'crosswalk_site', 'recommended', __( 'Background work is left to your server', 'crosswalk' ), __( 'DISABLE_WP_CRON is set in wp-config.php. Make sure that the server calls wp-cron.php every minute: without it the shop tells nobody of new orders, and the bridge has to look by itself.', 'crosswalk' ) );
		}
		return self::result( 'crosswalk_site', 'good', __( 'This site is ready for Crosswalk', 'crosswalk' ), __( 'Address, permalinks and background work are as they should be.', 'crosswalk' ) );
	}

	/**
	 * Whether the bridge answers, knows this shop and can read it, and how changes reach it.
	 *
	 * @return array<string,mixed>
	 */
	public static function test_bridge(): array {
		$list = Bridge::ask( 'GET', '/connections', null, 0 );
		if ( is_wp_error( $list ) ) {
			return self::result( 'crosswalk_bridge', 'critical', __( 'Crosswalk does not get through to its bridge', 'crosswalk' ), $list->get_error_message() );
		}
		$own = Settings::bridge()['connection_id'] ?? '';
		foreach ( $list['items'] ?? array() as $one ) {
			if ( ( $one['id'] ?? '' ) === $own ) {
				return self::of_connection( $one );
			}
		}
		return self::result( 'crosswalk_bridge', 'recommended', __( 'The bridge has no key for this shop', 'crosswalk' ), __( 'Open WooCommerce → Crosswalk → Bridge and make one.', 'crosswalk' ) );
	}

	/**
	 * What the bridge says of this shop.
	 *
	 * @param array $one Its connection there.
	 * @return array<string,mixed>
	 */
	private static function of_connection( array $one ): array {
		if ( 'active' !== ( $one['state'] ?? '' ) ) {
			$why = trim( (string) ( $one['stateReason'] ?? '' ) . ' ' . __( 'Open WooCommerce → Crosswalk → Bridge and make a new key.', 'crosswalk' ) );
			return self::result( 'crosswalk_bridge', 'critical', __( 'The bridge cannot read this shop', 'crosswalk' ), $why );
		}
		$feed = $one['feed'] ?? array();
		if ( 'webhooks' === ( $feed['mode'] ?? '' ) ) {
			return self::result( 'crosswalk_bridge', 'good', __( 'The bridge answers, and your shop tells it of changes', 'crosswalk' ), __( 'New orders travel within seconds.', 'crosswalk' ) );
		}
		return self::result( 'crosswalk_bridge', 'good', __( 'The bridge answers, and looks for changes by itself', 'crosswalk' ), (string) ( $feed['reason'] ?? '' ) );
	}

	/**
	 * A result as WordPress shows it.
	 *
	 * @param string $test   Name of the test.
	 * @param string $status `good`, `recommended` or `critical`.
	 * @param string $label  Heading.
	 * @param string $text   Cause and remedy.
	 * @return array<string,mixed>
	 */
	private static function result( string $test, string $status, string $label, string $text ): array {
		return array(
			'label'       => $label,
			'status'      => $status,
			'badge'       => array(
				'label' => 'Crosswalk',
				'color' => 'blue',
			),
			'description' => '<p>' . esc_html( $text ) . '</p>',
			'actions'     => sprintf( '<a href="%s">%s</a>', esc_url( Admin_Page::url( array( 'view' => 'bridge' ) ) ), esc_html__( 'Open Crosswalk', 'crosswalk' ) ),
			'test'        => $test,
		);
	}
}
