<?php
/**
 * Personal data that the bridge holds.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

defined( 'ABSPATH' ) || exit;

/** Takes part in WordPress's export and erasure of a person's data, by e-mail address. */
final class Privacy {

	/** Hooks in. */
	public static function register(): void {
		add_action( 'admin_init', array( __CLASS__, 'suggest_policy' ) );
		if ( ! Settings::is_connected() ) {
			return;
		}
		add_filter( 'wp_privacy_personal_data_exporters', array( __CLASS__, 'add_exporter' ) );
		add_filter( 'wp_privacy_personal_data_erasers', array( __CLASS__, 'add_eraser' ) );
	}

	/** A text for the shop's privacy policy. */
	public static function suggest_policy(): void {
		if ( ! function_exists( 'wp_add_privacy_policy_content' ) ) {
			return;
		}
		$text = __( 'To keep our records level, we pass what belongs to your order (name, addresses, e-mail address, phone number, what you bought and paid) through a bridge that we run ourselves to the systems we keep our customers and books in. The bridge keeps what it has sent, encrypted, for at most 14 days to explain itself, then only numbers and checksums.', 'crosswalk' );
		wp_add_privacy_policy_content( 'Crosswalk', '<p>' . esc_html( $text ) . '</p>' );
	}

	/**
	 * Adds the exporter.
	 *
	 * @param array<string,array> $exporters Those that are there.
	 * @return array<string,array>
	 */
	public static function add_exporter( $exporters ) {
		$exporters['crosswalk'] = array(
			'exporter_friendly_name' => 'Crosswalk',
			'callback'               => array( __CLASS__, 'export' ),
		);
		return $exporters;
	}

	/**
	 * Adds the eraser.
	 *
	 * @param array<string,array> $erasers Those that are there.
	 * @return array<string,array>
	 */
	public static function add_eraser( $erasers ) {
		$erasers['crosswalk'] = array(
			'eraser_friendly_name' => 'Crosswalk',
			'callback'             => array( __CLASS__, 'erase' ),
		);
		return $erasers;
	}

	/**
	 * What the bridge keeps of a person.
	 *
	 * @param string $email Of the person.
	 * @return array{data:array,done:bool}
	 */
	public static function export( $email ): array {
		$answer = Bridge::ask( 'POST', '/privacy/export', array( 'email' => $email ) );
		if ( is_wp_error( $answer ) ) {
			// WordPress shows this text to who asked; an export that lacks something must not look whole.
			wp_send_json_error( 'Crosswalk: ' . $answer->get_error_message() );
		}
		$data = array();
		foreach ( $answer['items'] ?? array() as $number => $item ) {
			$data[] = array(
				'group_id'    => 'crosswalk',
				'group_label' => __( 'What the bridge keeps', 'crosswalk' ),
				'item_id'     => 'crosswalk-' . $number,
				'data'        => array(
					array(
						'name'  => __( 'Kind', 'crosswalk' ),
						'value' => (string) ( $item['kind'] ?? '' ),
					),
					array(
						'name'  => __( 'Content', 'crosswalk' ),
						'value' => (string) wp_json_encode( $item['content'] ?? null, JSON_PRETTY_PRINT | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES ),
					),
				),
			);
		}
		return array(
			'data' => $data,
			'done' => true,
		);
	}

	/**
	 * Erases what the bridge keeps of a person, and keeps the person from coming back.
	 *
	 * @param string $email Of the person.
	 * @return array{items_removed:bool,items_retained:bool,messages:string[],done:bool}
	 */
	public static function erase( $email ): array {
		$answer = Bridge::ask( 'POST', '/privacy/erase', array( 'email' => $email ) );
		if ( is_wp_error( $answer ) ) {
			return array(
				'items_removed'  => false,
				'items_retained' => true,
				'messages'       => array( 'Crosswalk: ' . $answer->get_error_message() ),
				'done'           => true,
			);
		}
		return array(
			'items_removed'  => (int) ( $answer['erased'] ?? 0 ) > 0,
			'items_retained' => false,
			'messages'       => array( __( 'Crosswalk has erased what its bridge kept. What was sent to other systems, such as your CRM, is erased there.', 'crosswalk' ) ),
			'done'           => true,
		);
	}
}
