<?php
/**
 * Leaves nothing behind.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

defined( 'ABSPATH' ) || exit;
defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

// The plugin is not loaded while it is removed.
require_once __DIR__ . '/crosswalk.php';

Disconnection::run();
Order_States::drop();
delete_option( Order_Sync::SEEN_OPTION );

global $wpdb;
// What users were told last, whoever they are.
// phpcs:ignore WordPress.DB.DirectDatabaseQuery
$crosswalk_transients = $wpdb->get_col( $wpdb->prepare( 'SELECT option_name FROM %i WHERE option_name LIKE %s', $wpdb->options, $wpdb->esc_like( '_transient_crosswalk_' ) . '%' ) );
foreach ( $crosswalk_transients as $crosswalk_transient ) {
	delete_transient( substr( $crosswalk_transient, strlen( '_transient_' ) ) );
}
