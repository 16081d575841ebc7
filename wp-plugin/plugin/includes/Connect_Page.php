<?php
/**
 * Where is your bridge?
 *
 * @package Crosswalk
 */

namespace Crosswalk;

defined( 'ABSPATH' ) || exit;

/** Connecting with a bridge, looking at that connection, and ending it. Plain forms: they work without any script. */
final class Connect_Page {

	const ACTIONS = array(
		'crosswalk_connect'    => 'connect',
		'crosswalk_test'       => 'test',
		'crosswalk_keys'       => 'renew_keys',
		'crosswalk_disconnect' => 'disconnect',
	);

	/** Hooks in. */
	public static function register(): void {
		foreach ( self::ACTIONS as $action => $method ) {
			add_action(
				'admin_post_' . $action,
				static function () use ( $action, $method ) {
					check_admin_referer( $action );
					if ( ! current_user_can( Plugin::CAPABILITY ) ) {
						wp_die( esc_html__( 'For this you need the right to manage WooCommerce. An administrator can give it to you.', 'crosswalk' ), 403 );
					}
					call_user_func( array( __CLASS__, $method ) );
				}
			);
		}
	}

	/** Tests what was typed, and connects. */
	private static function connect(): void {
		// phpcs:disable WordPress.Security.NonceVerification.Missing -- Verified in `register`.
		$url  = isset( $_POST['url'] ) ? sanitize_text_field( wp_unslash( $_POST['url'] ) ) : '';
		$code = isset( $_POST['code'] ) ? sanitize_text_field( wp_unslash( $_POST['code'] ) ) : '';
		// phpcs:enable
		$checks = Pairing::connect( $url, $code );
		if ( ! $checks->has_failed() ) {
			Woo_Keys::hand_over( $checks );
			Order_Sync::start();
		}
		self::leave( $checks, array( 'url' => $url ) );
	}

	/** Looks again at a bridge that is connected. */
	private static function test(): void {
		$checks = new Checks();
		$bridge = Settings::bridge();
		if ( null !== $bridge && Pairing::look( $bridge['url'], $checks ) ) {
			$me = Bridge::ask( 'GET', '/me' );
			is_wp_error( $me ) ? $checks->failed( 'code', $me ) : $checks->ok( 'code', __( 'The bridge knows this shop', 'crosswalk' ) );
			self::look_at_shop( $bridge['connection_id'], $checks );
		}
		self::leave( $checks );
	}

	/**
	 * Lets the bridge try its key for this shop.
	 *
	 * @param string $connection Its id there.
	 * @param Checks $checks     Gets the line `shop`.
	 */
	private static function look_at_shop( string $connection, Checks $checks ): void {
		if ( $checks->has_failed() || '' === $connection ) {
			return;
		}
		$answer = Bridge::ask( 'POST', '/connections/' . rawurlencode( $connection ) . '/check' );
		if ( is_wp_error( $answer ) ) {
			$checks->failed( 'shop', $answer );
			return;
		}
		$feed = $answer['connection']['feed'] ?? array();
		$text = __( 'The bridge can read this shop', 'crosswalk' );
		foreach ( $answer['findings'] ?? array() as $one ) {
			if ( 'failed' === ( $one['state'] ?? '' ) ) {
				$checks->failed( 'shop', new \WP_Error( 'crosswalk_shop', trim( ( $one['text'] ?? '' ) . ' ' . ( $one['remedy'] ?? '' ) ) ) );
				return;
			}
		}
		'webhooks' === ( $feed['mode'] ?? '' ) ? $checks->ok( 'shop', $text ) : $checks->note( 'shop', trim( $text . '. ' . ( $feed['reason'] ?? '' ) ) );
	}

	/** Makes new WooCommerce keys for the bridge. */
	private static function renew_keys(): void {
		self::leave( Woo_Keys::hand_over( new Checks() ) );
	}

	/** Ends the connection, on both sides. */
	private static function disconnect(): void {
		Disconnection::run();
		self::leave( new Checks() );
	}

	/**
	 * Back to the page, which shows what came of it once.
	 *
	 * @param Checks               $checks What was found.
	 * @param array<string,string> $typed  What to show again.
	 */
	private static function leave( Checks $checks, array $typed = array() ): void {
		set_transient( self::place(), array( 'lines' => $checks->lines() ) + $typed, 10 * MINUTE_IN_SECONDS );
		wp_safe_redirect( Admin_Page::url( array( 'view' => 'bridge' ) ) );
		exit;
	}

	/** Where the outcome is kept for the user who asked. */
	private static function place(): string {
		return 'crosswalk_checks_' . get_current_user_id();
	}

	/**
	 * The outcome of the last form, once.
	 *
	 * @return array{lines?:array,url?:string}
	 */
	private static function outcome(): array {
		$kept = get_transient( self::place() );
		delete_transient( self::place() );
		return is_array( $kept ) ? $kept : array();
	}

	/** The form that connects. */
	public static function show_form(): void {
		$outcome = self::outcome();
		$former  = Settings::former_url();
		?>
		<h1><?php esc_html_e( 'Where does your bridge run?', 'crosswalk' ); ?></h1>
		<hr class="wp-header-end">
		<div class="crosswalk-connect">
			<?php if ( '' !== $former ) : ?>
				<div class="notice notice-warning inline"><p><?php echo esc_html( Trouble::moved( $former ) ); ?></p></div>
			<?php endif; ?>
			<p><?php esc_html_e( 'Your orders go through a bridge, so it should be yours: a small program on your own server or computer. Until you press “Test and connect”, this plugin sends nothing anywhere.', 'crosswalk' ); ?></p>
			<?php self::show_outcome( $outcome ); ?>
			<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
				<input type="hidden" name="action" value="crosswalk_connect">
				<?php wp_nonce_field( 'crosswalk_connect' ); ?>
				<h2><?php esc_html_e( 'It already runs somewhere', 'crosswalk' ); ?></h2>
				<p>
					<label for="crosswalk-url"><?php esc_html_e( 'Address', 'crosswalk' ); ?></label>
					<input id="crosswalk-url" name="url" type="text" class="regular-text code" inputmode="url" autocomplete="url" spellcheck="false" required
						placeholder="https://bridge.example.com" value="<?php echo esc_attr( $outcome['url'] ?? '' ); ?>">
				</p>
				<p>
					<label for="crosswalk-code"><?php esc_html_e( 'Code', 'crosswalk' ); ?></label>
					<input id="crosswalk-code" name="code" type="text" class="regular-text code" autocomplete="off" autocapitalize="characters" spellcheck="false" required
						placeholder="7K4M-2QXP-9HTB-3WVE" aria-describedby="crosswalk-code-help">
					<span id="crosswalk-code-help" class="description"><?php esc_html_e( 'The console of your bridge makes it, under “WordPress sites”. It lives 10 minutes and works once.', 'crosswalk' ); ?></span>
				</p>
				<p><button type="submit" class="button button-primary"><?php esc_html_e( 'Test and connect', 'crosswalk' ); ?></button></p>
			</form>
			<p class="description"><?php esc_html_e( 'Connecting makes a WooCommerce key for the bridge, with which it reads orders, customers, products and stock, and asks the shop to tell it of changes. Nothing travels on before you set up a flow and put it live.', 'crosswalk' ); ?></p>
			<details>
				<summary><?php esc_html_e( 'Start it on my server with Docker', 'crosswalk' ); ?></summary>
				<p><?php esc_html_e( 'You need a server with Docker and a domain name that leads to it. Get the files of Crosswalk there, write the domain name into the settings file, and start it; it gets its certificate by itself. The file docs/install.md of Crosswalk has the lines to copy.', 'crosswalk' ); ?></p>
			</details>
			<details>
				<summary><?php esc_html_e( 'Start it as a Linux service', 'crosswalk' ); ?></summary>
				<p><?php esc_html_e( 'You need a Linux server with systemd. The file docs/install.md of Crosswalk has the lines to copy, and the unit that starts the bridge with the machine.', 'crosswalk' ); ?></p>
			</details>
		</div>
		<?php
	}

	/** The bridge that is connected. */
	public static function show_settings(): void {
		$bridge = Settings::bridge();
		if ( null === $bridge ) {
			return;
		}
		?>
		<h1 class="wp-heading-inline"><?php esc_html_e( 'Bridge', 'crosswalk' ); ?></h1>
		<a class="page-title-action" href="<?php echo esc_url( Admin_Page::url() ); ?>"><?php esc_html_e( 'Back to the overview', 'crosswalk' ); ?></a>
		<hr class="wp-header-end">
		<div class="crosswalk-connect">
			<?php self::show_outcome( self::outcome() ); ?>
			<table class="form-table">
				<tbody>
					<?php
					self::show_row( __( 'Address', 'crosswalk' ), $bridge['url'] );
					self::show_row( __( 'Business', 'crosswalk' ), $bridge['workspace'] );
					self::show_row( __( 'This shop', 'crosswalk' ), $bridge['site_url'] );
					self::show_row( __( 'Connected since', 'crosswalk' ), (string) wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), (int) $bridge['paired_at'] ) );
					self::show_row( __( 'Key of the bridge for this shop', 'crosswalk' ), '' === $bridge['connection_id'] ? __( 'None: the bridge cannot read this shop yet', 'crosswalk' ) : __( 'Made', 'crosswalk' ) );
					?>
				</tbody>
			</table>
			<div class="crosswalk-buttons">
				<?php
				self::show_button( 'crosswalk_test', __( 'Test the connection', 'crosswalk' ) );
				self::show_button( 'crosswalk_keys', '' === $bridge['connection_id'] ? __( 'Make a key for the bridge', 'crosswalk' ) : __( 'Make a new key for the bridge', 'crosswalk' ) );
				?>
			</div>
			<h2><?php esc_html_e( 'Disconnect', 'crosswalk' ); ?></h2>
			<p><?php esc_html_e( 'The flows of this shop stop. What was sent stays where it is. The key and the signals that were made in this shop are removed, and the bridge forgets how this shop signs.', 'crosswalk' ); ?></p>
			<details>
				<summary><?php esc_html_e( 'Disconnect this shop…', 'crosswalk' ); ?></summary>
				<?php self::show_button( 'crosswalk_disconnect', __( 'Stop the flows and disconnect', 'crosswalk' ), 'button button-link-delete' ); ?>
			</details>
		</div>
		<?php
	}

	/**
	 * A line of facts.
	 *
	 * @param string $name  What.
	 * @param string $value Is what.
	 */
	private static function show_row( string $name, string $value ): void {
		printf( '<tr><th scope="row">%s</th><td>%s</td></tr>', esc_html( $name ), esc_html( $value ) );
	}

	/**
	 * A form of one button.
	 *
	 * @param string $action One of `ACTIONS`.
	 * @param string $text   On the button.
	 * @param string $classes Of the button.
	 */
	private static function show_button( string $action, string $text, string $classes = 'button' ): void {
		printf( '<form method="post" action="%s">', esc_url( admin_url( 'admin-post.php' ) ) );
		printf( '<input type="hidden" name="action" value="%s">', esc_attr( $action ) );
		wp_nonce_field( $action, '_wpnonce', true, true );
		printf( '<button type="submit" class="%s">%s</button></form>', esc_attr( $classes ), esc_html( $text ) );
	}

	/**
	 * What came of the last form.
	 *
	 * @param array{lines?:array} $outcome As `outcome` gives it.
	 */
	private static function show_outcome( array $outcome ): void {
		if ( empty( $outcome['lines'] ) ) {
			return;
		}
		$failed = in_array( 'failed', array_column( $outcome['lines'], 'state' ), true );
		printf( '<div class="notice %s inline" role="status">', $failed ? 'notice-error' : 'notice-success' );
		printf( '<p><strong>%s</strong></p>', $failed ? esc_html__( 'One thing is in the way.', 'crosswalk' ) : esc_html__( 'All is well.', 'crosswalk' ) );
		Checks::print_list( $outcome['lines'] );
		echo '</div>';
	}
}
