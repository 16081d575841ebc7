<?php
/**
 * Plugin Name: WooCommerce (stand-in)
 * Description: For tests: as much of WooCommerce as Crosswalk meets inside WordPress. Its REST API is a simulator's, behind this shop's own keys.
 * Version: 10.5.0
 * License: GPL-2.0-or-later
 */

defined( 'ABSPATH' ) || exit;

require __DIR__ . '/features.php';
require __DIR__ . '/rest.php';
require __DIR__ . '/orders.php';
require __DIR__ . '/scheduler.php';

class WooCommerce {
	public $version = '10.5.0';
}

function wc_rand_hash() {
	return bin2hex( random_bytes( 20 ) );
}

function wc_api_hash( $data ) {
	return hash_hmac( 'sha256', $data, 'wc-api' );
}

register_activation_hook(
	__FILE__,
	static function () {
		global $wpdb;
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		dbDelta(
			"CREATE TABLE {$wpdb->prefix}woocommerce_api_keys (
			key_id bigint(20) unsigned NOT NULL auto_increment,
			user_id bigint(20) unsigned NOT NULL,
			description varchar(200) NULL,
			permissions varchar(10) NOT NULL,
			consumer_key char(64) NOT NULL,
			consumer_secret char(43) NOT NULL,
			nonces longtext NULL,
			truncated_key char(7) NOT NULL,
			last_access datetime NULL default null,
			PRIMARY KEY  (key_id)
			) {$wpdb->get_charset_collate()}"
		);
		foreach ( array( 'manage_woocommerce', 'edit_shop_orders' ) as $right ) {
			get_role( 'administrator' )->add_cap( $right );
		}
	}
);

add_action(
	'plugins_loaded',
	static function () {
		do_action( 'before_woocommerce_init' );
	},
	-1
);

add_action(
	'admin_menu',
	static function () {
		add_menu_page( 'WooCommerce', 'WooCommerce', 'manage_woocommerce', 'woocommerce', '__return_null', 'dashicons-cart', 55 );
		add_submenu_page( 'woocommerce', 'Orders', 'Orders', 'manage_woocommerce', 'wc-orders', 'stub_show_orders' );
		add_submenu_page( 'woocommerce', 'Status', 'Status', 'manage_woocommerce', 'wc-status', 'stub_show_status' );
	}
);

function stub_show_status() {
	echo '<div class="wrap"><h1>Status</h1>';
	do_action( 'woocommerce_system_status_report' );
	echo '</div>';
}
