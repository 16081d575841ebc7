<?php
/**
 * Keeping the local copy fresh.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

use WP_Error;

defined( 'ABSPATH' ) || exit;

/** Reads what moved on the bridge, once a minute in the background, by WooCommerce's own scheduler. */
final class Order_Sync {

	const HOOK  = 'crosswalk_read_order_states';
	const GROUP = 'crosswalk';
	/** How far the copy is: the newest change seen, by flow. */
	const SEEN_OPTION = 'crosswalk_seen';
	/** Seconds between two looks. */
	const EVERY = 60;
	/** Pages of 200 records in one look; what is left comes with the next ones. */
	const PAGES = 5;

	/** Hooks in. */
	public static function register(): void {
		add_action( self::HOOK, array( __CLASS__, 'run' ) );
		add_action( 'admin_init', array( __CLASS__, 'keep_going' ) );
	}

	/** Begins, once the shop is connected. */
	public static function start(): void {
		Order_States::make_table();
		if ( function_exists( 'as_schedule_recurring_action' ) && ! as_has_scheduled_action( self::HOOK, array(), self::GROUP ) ) {
			as_schedule_recurring_action( time(), self::EVERY, self::HOOK, array(), self::GROUP );
		}
	}

	/** After an update or a fresh activation the action may be missing. */
	public static function keep_going(): void {
		if ( Settings::is_connected() && ! wp_doing_ajax() ) {
			self::start();
		}
	}

	/** Ends. */
	public static function stop(): void {
		if ( function_exists( 'as_unschedule_all_actions' ) ) {
			as_unschedule_all_actions( self::HOOK, array(), self::GROUP );
		}
		delete_option( self::SEEN_OPTION );
	}

	/** One look. */
	public static function run(): void {
		if ( ! Settings::is_connected() ) {
			return;
		}
		$flows = self::flows();
		if ( is_wp_error( $flows ) ) {
			return;
		}
		$seen = get_option( self::SEEN_OPTION );
		$seen = is_array( $seen ) ? array_intersect_key( $seen, $flows ) : array();
		foreach ( array_keys( $flows ) as $flow ) {
			$newest = self::read_flow( $flow, (string) ( $seen[ $flow ] ?? '' ) );
			if ( '' !== $newest ) {
				$seen[ $flow ] = $newest;
			}
		}
		update_option( self::SEEN_OPTION, $seen, false );
	}

	/**
	 * The flows that carry this shop's orders; kept for the pages that make no call.
	 *
	 * @return array<string,array{target:string,document:string}>|WP_Error
	 */
	public static function flows() {
		$list = Bridge::ask( 'GET', '/flows', null, 0 );
		if ( is_wp_error( $list ) ) {
			return $list;
		}
		$own   = Settings::bridge()['connection_id'] ?? '';
		$flows = array();
		foreach ( $list['items'] ?? array() as $flow ) {
			if ( 'order' === ( $flow['entity'] ?? '' ) && '' !== $own && ( $flow['source']['connectionId'] ?? '' ) === $own ) {
				$flows[ (string) $flow['id'] ] = array(
					'target'   => (string) ( $flow['target']['label'] ?? '' ),
					'document' => (string) ( $flow['documentLabel'] ?? '' ),
				);
			}
		}
		update_option( Order_States::FLOWS_OPTION, $flows, false );
		return $flows;
	}

	/**
	 * Reads what moved in a flow, newest first, back to what was seen. Of a long history only the newest part is copied: the
	 * rest comes when somebody looks at those orders.
	 *
	 * @param string $flow Its id.
	 * @param string $seen The newest change seen before.
	 * @return string The newest change now.
	 */
	private static function read_flow( string $flow, string $seen ): string {
		$newest = $seen;
		$cursor = '';
		for ( $page = 0; $page < self::PAGES; $page++ ) {
			$query  = '/records?flowId=' . rawurlencode( $flow ) . '&limit=200' . ( '' === $cursor ? '' : '&cursor=' . rawurlencode( $cursor ) );
			$answer = Bridge::ask( 'GET', $query, null, 0 );
			if ( is_wp_error( $answer ) || ! is_array( $answer['items'] ?? null ) ) {
				// Nothing of this round counts as seen, so that it is read again.
				return $seen;
			}
			$fresh = array();
			foreach ( $answer['items'] as $record ) {
				$at = (string) ( $record['updatedAt'] ?? '' );
				if ( strcmp( $at, $seen ) < 0 ) {
					break;
				}
				$fresh[] = $record;
				$newest  = strcmp( $at, $newest ) > 0 ? $at : $newest;
			}
			Order_States::save( $fresh );
			$cursor = (string) ( $answer['next'] ?? '' );
			if ( '' === $cursor || count( $fresh ) < count( $answer['items'] ) ) {
				break;
			}
		}
		return $newest;
	}

	/**
	 * Reads one order from all flows now.
	 *
	 * @param int $order Its number.
	 * @return true|WP_Error
	 */
	public static function read_order( int $order ) {
		Order_States::make_table();
		$flows = self::flows();
		if ( is_wp_error( $flows ) ) {
			return $flows;
		}
		foreach ( array_keys( $flows ) as $flow ) {
			$record = Bridge::ask( 'GET', '/flows/' . rawurlencode( $flow ) . '/records/' . $order );
			if ( ! is_wp_error( $record ) ) {
				Order_States::save( array( $record ) );
			} elseif ( 'crosswalk_not_found' !== $record->get_error_code() ) {
				return $record;
			}
		}
		return true;
	}

	/**
	 * Asks the bridge to bring an order up to date in all flows.
	 *
	 * @param int $order Its number.
	 * @return int|WP_Error How many flows were asked.
	 */
	public static function ask_for( int $order ) {
		$flows = self::flows();
		if ( is_wp_error( $flows ) ) {
			return $flows;
		}
		foreach ( array_keys( $flows ) as $flow ) {
			$asked = Bridge::ask(
				'POST',
				'/flows/' . rawurlencode( $flow ) . '/records/sync',
				array(
					'externalIds' => array( (string) $order ),
					// Somebody who asks wants to see it sent, also where nothing seems to have changed.
					'force'       => true,
				)
			);
			if ( is_wp_error( $asked ) ) {
				return $asked;
			}
		}
		return count( $flows );
	}
}
