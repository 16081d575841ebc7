<?php
/**
 * A section of WooCommerce's status report.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

defined( 'ABSPATH' ) || exit;

/** What somebody who helps needs to know. No key, no secret, no person. */
final class Status_Report {

	/** Hooks in. */
	public static function register(): void {
		add_action( 'woocommerce_system_status_report', array( __CLASS__, 'show' ) );
	}

	/** Prints the section. */
	public static function show(): void {
		?>
		<table class="wc_status_table widefat" cellspacing="0">
			<thead>
				<tr><th colspan="3" data-export-label="Crosswalk"><h2>Crosswalk</h2></th></tr>
			</thead>
			<tbody>
				<?php foreach ( self::facts() as $name => list( $label, $value ) ) : ?>
					<tr>
						<td data-export-label="<?php echo esc_attr( $name ); ?>"><?php echo esc_html( $label ); ?>:</td>
						<td class="help"></td>
						<td><?php echo esc_html( $value ); ?></td>
					</tr>
				<?php endforeach; ?>
			</tbody>
		</table>
		<?php
	}

	/**
	 * The lines.
	 *
	 * @return array<string,array{0:string,1:string}> Label and value by the name they are exported under.
	 */
	private static function facts(): array {
		$bridge = Settings::bridge();
		$facts  = array( 'Version' => array( __( 'Version', 'crosswalk' ), VERSION ) );
		if ( null === $bridge ) {
			return $facts + array( 'Bridge' => array( __( 'Bridge', 'crosswalk' ), '–' ) );
		}
		$seen = get_option( Order_Sync::SEEN_OPTION );
		return $facts + array(
			'Bridge'          => array( __( 'Bridge', 'crosswalk' ), $bridge['url'] ),
			'Connected since' => array( __( 'Connected since', 'crosswalk' ), gmdate( 'c', (int) $bridge['paired_at'] ) ),
			'Connected as'    => array( __( 'Connected as', 'crosswalk' ), $bridge['site_url'] ),
			'Key readable'    => array( __( 'Key readable', 'crosswalk' ), null === Settings::signing_key() ? '✕' : '✓' ),
			'Flows of orders' => array( __( 'Flows of orders', 'crosswalk' ), (string) count( Order_States::flows() ) ),
			'Newest change'   => array( __( 'Newest change seen', 'crosswalk' ), is_array( $seen ) && $seen ? (string) max( $seen ) : '–' ),
		);
	}
}
