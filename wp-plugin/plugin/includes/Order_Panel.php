<?php
/**
 * The panel on an order's page.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

defined( 'ABSPATH' ) || exit;

/**
 * Printed from the local copy, so that an order's page never waits for the bridge. A small script asks for news afterwards;
 * without it the button is a link that does the same.
 */
final class Order_Panel {

	const SCRIPT = 'crosswalk-order';
	const ACTION = 'crosswalk_sync_order';

	/** Hooks in. */
	public static function register(): void {
		add_action( 'add_meta_boxes', array( __CLASS__, 'add' ) );
		add_action( 'admin_post_' . self::ACTION, array( __CLASS__, 'sync' ) );
	}

	/** The panel, for both storages of orders. */
	public static function add(): void {
		if ( ! Settings::is_connected() || ! current_user_can( Plugin::CAPABILITY ) || ! function_exists( 'wc_get_page_screen_id' ) ) {
			return;
		}
		add_meta_box( 'crosswalk', 'Crosswalk', array( __CLASS__, 'show' ), wc_get_page_screen_id( 'shop-order' ), 'side' );
	}

	/**
	 * Prints it.
	 *
	 * @param \WC_Order|\WP_Post $shown The order, or the post it is.
	 */
	public static function show( $shown ): void {
		$order = $shown instanceof \WP_Post ? (int) $shown->ID : (int) $shown->get_id();
		if ( ! $order ) {
			return;
		}
		wp_enqueue_script( self::SCRIPT, plugins_url( 'assets/order-panel.js', PLUGIN_FILE ), array( 'wp-api-fetch', 'wp-a11y' ), VERSION, true );
		// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- Chooses what is said; changes nothing.
		$asked = isset( $_GET['crosswalk_asked'] );
		printf( '<div class="crosswalk-order" data-path="%s">', esc_attr( '/' . Rest_Proxy::SPACE . '/orders/' . $order ) );
		echo '<div class="crosswalk-order-state" aria-live="polite">';
		self::show_state( $order );
		echo '</div>';
		printf( '<p class="crosswalk-order-said">%s</p>', $asked ? esc_html__( 'Asked. Reload the page in a moment to see what came of it.', 'crosswalk' ) : '' );
		printf( '<p><a class="button crosswalk-order-sync" href="%s">%s</a></p>', esc_url( self::sync_url( $order ) ), esc_html__( 'Sync now', 'crosswalk' ) );
		echo '</div>';
	}

	/**
	 * What is known of an order, from the local copy.
	 *
	 * @param int $order Its number.
	 */
	public static function show_state( int $order ): void {
		$flows = Order_States::flows();
		$rows  = Order_States::of( array( $order ) )[ $order ];
		$shown = 0;
		foreach ( $rows as $row ) {
			if ( ! isset( $flows[ $row['flow_id'] ] ) ) {
				continue;
			}
			++$shown;
			self::show_row( $order, $row, $flows[ $row['flow_id'] ]['target'] );
		}
		if ( 0 === $shown ) {
			printf( '<p>%s</p>', esc_html( array() === $flows ? __( 'No flow carries orders yet.', 'crosswalk' ) : __( 'This order was not touched: it is from before the start of your flows, or has not come up yet.', 'crosswalk' ) ) );
		}
	}

	/**
	 * One system.
	 *
	 * @param int                  $order  Its number.
	 * @param array<string,string> $row    Of the local copy.
	 * @param string               $target Name of the system.
	 */
	private static function show_row( int $order, array $row, string $target ): void {
		$words = Order_Words::state( $row, $target );
		echo '<p>';
		printf( '<span aria-hidden="true">%s</span> ', esc_html( Order_Words::SIGNS[ $row['state'] ] ?? '–' ) );
		if ( '' === $row['url'] ) {
			printf( '<strong>%s</strong>', esc_html( $words ) );
		} else {
			printf( '<a href="%s" target="_blank" rel="noopener noreferrer"><strong>%s</strong></a>', esc_url( $row['url'], array( 'http', 'https' ) ), esc_html( $words ) );
		}
		if ( '' !== $row['synced_at'] ) {
			/* translators: %s: time of day, or day and time */
			printf( '<br>%s', esc_html( sprintf( __( 'Last sent %s', 'crosswalk' ), Order_Words::time( $row['synced_at'] ) ) ) );
		}
		if ( in_array( $row['state'], array( 'failed', 'skipped', 'pending' ), true ) && '' !== $row['message'] ) {
			printf( '<br>%s', esc_html( $row['message'] ) );
		}
		if ( '' !== $row['next_try_at'] ) {
			/* translators: %s: time of day */
			printf( '<br>%s', esc_html( sprintf( __( 'Next try %s', 'crosswalk' ), Order_Words::time( $row['next_try_at'] ) ) ) );
		}
		$page = Admin_Page::url( array( 'path' => '/records/' . $row['flow_id'] . '/' . $order ) );
		printf( '<br><a href="%s">%s</a></p>', esc_url( $page ), esc_html__( 'What happened', 'crosswalk' ) );
	}

	/**
	 * Where the button leads without a script.
	 *
	 * @param int $order Its number.
	 */
	private static function sync_url( int $order ): string {
		$url = add_query_arg(
			array(
				'action' => self::ACTION,
				'order'  => $order,
			),
			admin_url( 'admin-post.php' )
		);
		return wp_nonce_url( $url, self::ACTION . '_' . $order );
	}

	/** The button, without a script. */
	public static function sync(): void {
		$order = isset( $_GET['order'] ) ? absint( $_GET['order'] ) : 0;
		check_admin_referer( self::ACTION . '_' . $order );
		if ( ! current_user_can( Plugin::CAPABILITY ) ) {
			wp_die( esc_html__( 'For this you need the right to manage WooCommerce. An administrator can give it to you.', 'crosswalk' ), 403 );
		}
		$asked = Order_Sync::ask_for( $order );
		if ( is_wp_error( $asked ) ) {
			wp_die( esc_html( $asked->get_error_message() ), '', array( 'back_link' => true ) );
		}
		$back = wp_get_referer();
		wp_safe_redirect( add_query_arg( 'crosswalk_asked', '1', $back ? $back : admin_url() ) );
		exit;
	}
}
