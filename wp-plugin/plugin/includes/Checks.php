<?php
/**
 * What was looked at on the way to a bridge.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

use WP_Error;

defined( 'ABSPATH' ) || exit;

/** An ordered list: each line is well, failed with cause and remedy, or was not reached. */
final class Checks {

	/** In this order. */
	const ALL = array( 'address', 'secure', 'bridge', 'clock', 'code', 'shop' );

	/**
	 * By name: `state` is `ok`, `note` or `failed`.
	 *
	 * @var array<string,array{state:string,text:string}>
	 */
	private $lines = array();

	/**
	 * All is well.
	 *
	 * @param string $name One of `ALL`.
	 * @param string $text What is.
	 */
	public function ok( string $name, string $text ): self {
		return $this->add( $name, 'ok', $text );
	}

	/**
	 * It works, and there is something to know.
	 *
	 * @param string $name One of `ALL`.
	 * @param string $text What.
	 */
	public function note( string $name, string $text ): self {
		return $this->add( $name, 'note', $text );
	}

	/**
	 * It does not work.
	 *
	 * @param string   $name  One of `ALL`.
	 * @param WP_Error $error Why.
	 */
	public function failed( string $name, WP_Error $error ): self {
		return $this->add( $name, 'failed', $error->get_error_message() );
	}

	/** Whether something failed. */
	public function has_failed(): bool {
		return in_array( 'failed', array_column( $this->lines, 'state' ), true );
	}

	/**
	 * For keeping until the page is shown.
	 *
	 * @return array<string,array{state:string,text:string}>
	 */
	public function lines(): array {
		return $this->lines;
	}

	/**
	 * Prints the lines.
	 *
	 * @param array<string,array{state:string,text:string}> $lines As `lines` gave them.
	 */
	public static function print_list( array $lines ): void {
		$signs = array(
			'ok'     => array( '✓', __( 'Well:', 'crosswalk' ) ),
			'note'   => array( '!', __( 'To know:', 'crosswalk' ) ),
			'failed' => array( '✕', __( 'Failed:', 'crosswalk' ) ),
			'open'   => array( '–', __( 'Not tried:', 'crosswalk' ) ),
		);
		$names = self::names();
		echo '<ol class="crosswalk-checks">';
		foreach ( self::ALL as $name ) {
			$line                = $lines[ $name ] ?? array(
				'state' => 'open',
				'text'  => $names[ $name ],
			);
			list( $sign, $word ) = $signs[ $line['state'] ] ?? $signs['open'];
			printf(
				'<li class="crosswalk-check-%1$s"><span aria-hidden="true">%2$s</span> <span class="screen-reader-text">%3$s</span> %4$s</li>',
				esc_attr( $line['state'] ),
				esc_html( $sign ),
				esc_html( $word ),
				esc_html( $line['text'] )
			);
		}
		echo '</ol>';
	}

	/**
	 * What the lines are about, while nothing is known.
	 *
	 * @return array<string,string>
	 */
	private static function names(): array {
		return array(
			'address' => __( 'Does the address answer?', 'crosswalk' ),
			'secure'  => __( 'Is the connection secure?', 'crosswalk' ),
			'bridge'  => __( 'Is it a bridge?', 'crosswalk' ),
			'clock'   => __( 'Do the clocks agree?', 'crosswalk' ),
			'code'    => __( 'Is the code right?', 'crosswalk' ),
			'shop'    => __( 'Can the bridge read this shop?', 'crosswalk' ),
		);
	}

	/**
	 * Adds or replaces a line.
	 *
	 * @param string $name  Of the line.
	 * @param string $state Of the line.
	 * @param string $text  Of the line.
	 */
	private function add( string $name, string $state, string $text ): self {
		$this->lines[ $name ] = array(
			'state' => $state,
			'text'  => $text,
		);
		return $this;
	}
}
