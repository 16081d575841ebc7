<?php
/**
 * The local copy of what the bridge says of orders.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

defined( 'ABSPATH' ) || exit;

/**
 * One row per order and flow, in a table of our own: order meta would change the order, and the shop would tell the
 * bridge of that. Lists and panels are printed from here, without a call.
 */
final class Order_States {

	/** Which shape the table has. */
	const VERSION        = '1';
	const VERSION_OPTION = 'crosswalk_table';
	/** Flows by id, as the copy was made last. */
	const FLOWS_OPTION = 'crosswalk_flows';

	/** The table's name. */
	public static function table(): string {
		global $wpdb;
		return $wpdb->prefix . 'crosswalk_order_state';
	}

	/** Makes the table, where it is not there. */
	public static function make_table(): void {
		global $wpdb;
		if ( self::VERSION === get_option( self::VERSION_OPTION ) ) {
			return;
		}
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		dbDelta(
			'CREATE TABLE ' . self::table() . " (
			order_id bigint(20) unsigned NOT NULL,
			flow_id varchar(60) NOT NULL,
			state varchar(20) NOT NULL,
			object varchar(60) NOT NULL DEFAULT '',
			target_id varchar(100) NOT NULL DEFAULT '',
			url text NOT NULL,
			message text NOT NULL,
			next_try_at varchar(30) NOT NULL DEFAULT '',
			synced_at varchar(30) NOT NULL DEFAULT '',
			updated_at varchar(30) NOT NULL DEFAULT '',
			PRIMARY KEY  (order_id,flow_id),
			KEY flow_state (flow_id,state)
			) " . $wpdb->get_charset_collate()
		);
		update_option( self::VERSION_OPTION, self::VERSION, false );
	}

	/**
	 * Takes over records as the bridge gives them.
	 *
	 * @param array[] $records Of one flow or several.
	 */
	public static function save( array $records ): void {
		global $wpdb;
		foreach ( $records as $record ) {
			// Numbers of orders only: others are no orders of this shop.
			if ( ! preg_match( '/^[1-9][0-9]{0,18}$/D', (string) ( $record['externalId'] ?? '' ) ) ) {
				continue;
			}
			$target = $record['target'] ?? array();
			// phpcs:ignore WordPress.DB.DirectDatabaseQuery
			$wpdb->replace(
				self::table(),
				array(
					'order_id'    => $record['externalId'],
					'flow_id'     => substr( (string) ( $record['flowId'] ?? '' ), 0, 60 ),
					'state'       => substr( (string) ( $record['state'] ?? '' ), 0, 20 ),
					'object'      => substr( (string) ( $target['object'] ?? '' ), 0, 60 ),
					'target_id'   => substr( (string) ( $target['id'] ?? '' ), 0, 100 ),
					'url'         => (string) ( $target['url'] ?? '' ),
					'message'     => (string) ( $record['error']['message'] ?? $record['reason'] ?? '' ),
					'next_try_at' => (string) ( $record['nextTryAt'] ?? '' ),
					'synced_at'   => (string) ( $record['syncedAt'] ?? '' ),
					'updated_at'  => (string) ( $record['updatedAt'] ?? '' ),
				)
			);
		}
	}

	/**
	 * Rows of some orders, in one query.
	 *
	 * @param int[] $ids Orders.
	 * @return array<int,array[]> By order.
	 */
	public static function of( array $ids ): array {
		global $wpdb;
		$rows = array_fill_keys( $ids, array() );
		if ( array() === $ids || self::VERSION !== get_option( self::VERSION_OPTION ) ) {
			return $rows;
		}
		$places = implode( ',', array_fill( 0, count( $ids ), '%d' ) );
		// phpcs:ignore WordPress.DB
		$found = $wpdb->get_results( $wpdb->prepare( "SELECT * FROM %i WHERE order_id IN ($places) ORDER BY flow_id", array_merge( array( self::table() ), $ids ) ), ARRAY_A );
		foreach ( (array) $found as $row ) {
			$rows[ (int) $row['order_id'] ][] = $row;
		}
		return $rows;
	}

	/**
	 * Flows that carry orders of this shop, as known last.
	 *
	 * @return array<string,array{target:string,document:string}> By id.
	 */
	public static function flows(): array {
		$flows = get_option( self::FLOWS_OPTION );
		return is_array( $flows ) ? $flows : array();
	}

	/** Forgets all states; the table stays. */
	public static function forget_all(): void {
		global $wpdb;
		delete_option( self::FLOWS_OPTION );
		if ( self::VERSION === get_option( self::VERSION_OPTION ) ) {
			// phpcs:ignore WordPress.DB.DirectDatabaseQuery
			$wpdb->query( $wpdb->prepare( 'DELETE FROM %i', self::table() ) );
		}
	}

	/** Removes the table. */
	public static function drop(): void {
		global $wpdb;
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery
		$wpdb->query( $wpdb->prepare( 'DROP TABLE IF EXISTS %i', self::table() ) );
		delete_option( self::VERSION_OPTION );
		delete_option( self::FLOWS_OPTION );
	}
}
