<?php
/**
 * What is said of an order.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

defined( 'ABSPATH' ) || exit;

/** A shape, a word and a time for each state; the same in the list and in the panel. */
final class Order_Words {

	/** Shapes, so that no state is told by its colour alone. */
	const SIGNS = array(
		'linked'  => '✓',
		'failed'  => '✕',
		'pending' => '◷',
		'skipped' => '○',
		'deleted' => '–',
	);

	/**
	 * The state in a few words: `In HubSpot, deal 9021`.
	 *
	 * @param array<string,string> $row    Of the local copy.
	 * @param string               $target Name of the system.
	 */
	public static function state( array $row, string $target ): string {
		switch ( $row['state'] ) {
			case 'linked':
				/* translators: 1: name of a system, such as HubSpot, 2: kind of document, such as deal, 3: its number there */
				return '' === $row['target_id'] ? sprintf( __( 'In %s', 'crosswalk' ), $target ) : sprintf( __( 'In %1$s as %2$s %3$s', 'crosswalk' ), $target, self::singular( $row['object'] ), $row['target_id'] );
			case 'failed':
				/* translators: %s: name of a system */
				return sprintf( __( 'Not in %s: failed', 'crosswalk' ), $target );
			case 'pending':
				/* translators: %s: name of a system */
				return sprintf( __( 'Waits for %s', 'crosswalk' ), $target );
			case 'skipped':
				/* translators: %s: name of a system */
				return sprintf( __( 'Left out of %s', 'crosswalk' ), $target );
			default:
				return __( 'Deleted in the shop', 'crosswalk' );
		}
	}

	/**
	 * The same for a cell of the list.
	 *
	 * @param array<string,string> $row Of the local copy.
	 */
	public static function short( array $row ): string {
		switch ( $row['state'] ) {
			case 'linked':
				return '' === $row['target_id'] ? __( 'There', 'crosswalk' ) : $row['target_id'];
			case 'failed':
				return __( 'failed', 'crosswalk' );
			case 'pending':
				return '' === $row['next_try_at'] ? __( 'waiting', 'crosswalk' ) : self::time( $row['next_try_at'] );
			case 'skipped':
				return __( 'left out', 'crosswalk' );
			default:
				return __( 'deleted', 'crosswalk' );
		}
	}

	/**
	 * A time in the shop's zone: the hour today, else the day.
	 *
	 * @param string $iso UTC.
	 */
	public static function time( string $iso ): string {
		$at = strtotime( $iso );
		if ( false === $at ) {
			return '';
		}
		$today = wp_date( 'Y-m-d', $at ) === wp_date( 'Y-m-d' );
		return (string) wp_date( $today ? get_option( 'time_format' ) : get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), $at );
	}

	/**
	 * The name of one: `deals` reads `deal`.
	 *
	 * @param string $kind As the other system calls them.
	 */
	private static function singular( string $kind ): string {
		return (string) preg_replace( array( '/ies$/', '/s$/' ), array( 'y', '' ), str_replace( '_', ' ', $kind ) );
	}
}
