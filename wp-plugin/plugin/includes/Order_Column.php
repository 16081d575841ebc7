<?php
/**
 * The column in the list of orders.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

defined( 'ABSPATH' ) || exit;

/** For both storages of orders. One query of the local copy for a whole page, no call to anywhere. */
final class Order_Column {

	const NAME = 'crosswalk';

	/**
	 * Orders of the page that is being made.
	 *
	 * @var int[]
	 */
	private static $listed = array();

	/**
	 * Their rows, once one was asked for.
	 *
	 * @var array<int,array[]>
	 */
	private static $rows = array();

	/** Hooks in. */
	public static function register(): void {
		add_filter( 'woocommerce_shop_order_list_table_columns', array( __CLASS__, 'add' ) );
		add_action( 'woocommerce_shop_order_list_table_custom_column', array( __CLASS__, 'show_of_order' ), 10, 2 );
		add_filter( 'woocommerce_order_query', array( __CLASS__, 'note_listed' ) );
		add_filter( 'manage_edit-shop_order_columns', array( __CLASS__, 'add' ) );
		add_action( 'manage_shop_order_posts_custom_column', array( __CLASS__, 'show_of_post' ), 10, 2 );
	}

	/**
	 * Adds the column before the total.
	 *
	 * @param array<string,string> $columns Those that are there.
	 * @return array<string,string>
	 */
	public static function add( $columns ) {
		if ( ! Settings::is_connected() ) {
			return $columns;
		}
		$targets = array_unique( array_column( Order_States::flows(), 'target' ) );
		$own     = array( self::NAME => 1 === count( $targets ) ? esc_html( (string) reset( $targets ) ) : 'Crosswalk' );
		$at      = array_search( 'order_total', array_keys( $columns ), true );
		$at      = false === $at ? count( $columns ) : $at;
		return array_slice( $columns, 0, $at, true ) + $own + array_slice( $columns, $at, null, true );
	}

	/**
	 * Notes which orders a page of the list will show.
	 *
	 * @param mixed $found Orders, or a page of them.
	 * @return mixed The same.
	 */
	public static function note_listed( $found ) {
		if ( ! is_admin() ) {
			return $found;
		}
		$orders = is_object( $found ) && isset( $found->orders ) ? $found->orders : $found;
		foreach ( is_array( $orders ) ? $orders : array() as $order ) {
			self::$listed[] = is_object( $order ) ? (int) $order->get_id() : (int) $order;
		}
		return $found;
	}

	/**
	 * A cell, where orders have tables of their own.
	 *
	 * @param string   $column Of the list.
	 * @param \WC_Order $order  Of the row.
	 */
	public static function show_of_order( $column, $order ): void {
		if ( self::NAME === $column ) {
			self::show( (int) $order->get_id() );
		}
	}

	/**
	 * A cell, where orders are posts.
	 *
	 * @param string $column Of the list.
	 * @param int    $id     Of the post.
	 */
	public static function show_of_post( $column, $id ): void {
		if ( self::NAME !== $column ) {
			return;
		}
		global $wp_query;
		if ( array() === self::$listed && isset( $wp_query->posts ) ) {
			self::$listed = array_map( 'intval', wp_list_pluck( $wp_query->posts, 'ID' ) );
		}
		self::show( (int) $id );
	}

	/**
	 * Prints a cell.
	 *
	 * @param int $id Of the order.
	 */
	private static function show( int $id ): void {
		if ( ! isset( self::$rows[ $id ] ) ) {
			self::$rows += Order_States::of( array_values( array_unique( array_merge( array( $id ), self::$listed ) ) ) );
		}
		$flows = Order_States::flows();
		$rows  = array_filter(
			self::$rows[ $id ],
			static function ( $row ) use ( $flows ) {
				return isset( $flows[ $row['flow_id'] ] );
			}
		);
		if ( array() === $rows ) {
			printf( '<span aria-hidden="true">–</span><span class="screen-reader-text">%s</span>', esc_html__( 'Not touched', 'crosswalk' ) );
			return;
		}
		foreach ( $rows as $row ) {
			printf(
				'<span class="crosswalk-state crosswalk-state-%1$s"><span aria-hidden="true">%2$s %3$s</span><span class="screen-reader-text">%4$s</span></span> ',
				esc_attr( $row['state'] ),
				esc_html( Order_Words::SIGNS[ $row['state'] ] ?? '–' ),
				esc_html( Order_Words::short( $row ) ),
				esc_html( Order_Words::state( $row, $flows[ $row['flow_id'] ]['target'] ) )
			);
		}
	}
}
