<?php
/**
 * Pages of orders, with the hooks that WooCommerce has there; for orders in tables of their own (option `stub_hpos`, by
 * default) and for orders that are posts.
 */

defined( 'ABSPATH' ) || exit;

class WC_Order {
	private $data;

	public function __construct( $data ) {
		$this->data = $data;
	}

	public function get_id() {
		return (int) $this->data['id'];
	}

	public function get_total() {
		return $this->data['total'];
	}
}

function stub_hpos() {
	return 'no' !== get_option( 'stub_hpos' );
}

function wc_get_page_screen_id( $for ) {
	return 'shop-order' === $for && stub_hpos() ? 'woocommerce_page_wc-orders' : str_replace( '-', '_', $for );
}

/** The simulator's orders. */
function stub_orders() {
	list( , , $text ) = stub_forward( 'GET', '/wp-json/wc/v3/orders?per_page=100', '' );
	$orders           = array_map(
		static function ( $data ) {
			return new WC_Order( $data );
		},
		json_decode( $text, true )
	);
	return apply_filters( 'woocommerce_order_query', $orders, array() );
}

function stub_show_orders() {
	$orders = stub_orders();
	if ( isset( $_GET['id'] ) ) {
		foreach ( $orders as $order ) {
			if ( $order->get_id() === (int) $_GET['id'] ) {
				stub_show_order( $order );
			}
		}
		return;
	}
	$columns = apply_filters( 'woocommerce_shop_order_list_table_columns', array( 'order_number' => 'Order', 'order_total' => 'Total' ) );
	echo '<div class="wrap"><h1>Orders</h1><table class="widefat"><thead><tr>';
	foreach ( $columns as $title ) {
		echo '<th scope="col">' . $title . '</th>';
	}
	echo '</tr></thead><tbody>';
	foreach ( $orders as $order ) {
		echo '<tr id="order-' . $order->get_id() . '">';
		foreach ( array_keys( $columns ) as $name ) {
			echo '<td>';
			if ( 'order_number' === $name ) {
				echo '#' . $order->get_id();
			}
			if ( 'order_total' === $name ) {
				echo $order->get_total();
			}
			do_action( 'woocommerce_shop_order_list_table_custom_column', $name, $order );
			echo '</td>';
		}
		echo '</tr>';
	}
	echo '</tbody></table></div>';
}

function stub_show_order( $order ) {
	require_once ABSPATH . 'wp-admin/includes/meta-boxes.php';
	$screen = wc_get_page_screen_id( 'shop-order' );
	do_action( 'add_meta_boxes', $screen, $order );
	echo '<div class="wrap"><h1>Order #' . $order->get_id() . '</h1><form method="post"><div id="poststuff">';
	do_meta_boxes( $screen, 'side', $order );
	echo '</div></form></div>';
}

add_action(
	'init',
	static function () {
		register_post_type(
			'shop_order',
			array(
				'label'        => 'Orders',
				'public'       => false,
				'show_ui'      => true,
				'show_in_menu' => false,
				'supports'     => array( 'title' ),
			)
		);
	}
);
