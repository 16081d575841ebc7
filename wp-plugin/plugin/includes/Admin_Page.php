<?php
/**
 * The page WooCommerce → Crosswalk.
 *
 * @package Crosswalk
 */

namespace Crosswalk;

defined( 'ABSPATH' ) || exit;

/** Shows the screens once the shop is connected, and the way to connect before that. */
final class Admin_Page {

	const SLUG   = 'crosswalk';
	const SCRIPT = 'crosswalk-admin';

	/** Hooks in. */
	public static function register(): void {
		add_action( 'admin_menu', array( __CLASS__, 'add' ), 60 );
		add_action( 'admin_enqueue_scripts', array( __CLASS__, 'enqueue' ) );
		add_filter( 'plugin_action_links_' . plugin_basename( PLUGIN_FILE ), array( __CLASS__, 'add_link' ) );
	}

	/** The menu entry. */
	public static function add(): void {
		add_submenu_page( 'woocommerce', 'Crosswalk', 'Crosswalk', Plugin::CAPABILITY, self::SLUG, array( __CLASS__, 'show' ) );
	}

	/**
	 * A way to the page from the list of plugins.
	 *
	 * @param string[] $links Those that are there.
	 * @return string[]
	 */
	public static function add_link( $links ) {
		if ( current_user_can( Plugin::CAPABILITY ) ) {
			$text = Settings::is_connected() ? __( 'Open', 'crosswalk' ) : __( 'Connect', 'crosswalk' );
			array_unshift( $links, sprintf( '<a href="%s">%s</a>', esc_url( self::url() ), esc_html( $text ) ) );
		}
		return $links;
	}

	/**
	 * Address of the page.
	 *
	 * @param array<string,string> $query More of it.
	 */
	public static function url( array $query = array() ): string {
		return add_query_arg( array( 'page' => self::SLUG ) + array_map( 'rawurlencode', $query ), admin_url( 'admin.php' ) );
	}

	/**
	 * Scripts and styles, on this page only.
	 *
	 * @param string $hook Of the page that is shown.
	 */
	public static function enqueue( $hook ): void {
		if ( 'woocommerce_page_' . self::SLUG !== $hook ) {
			return;
		}
		if ( ! self::shows_screens() ) {
			wp_enqueue_style( 'crosswalk-connect', plugins_url( 'assets/connect.css', PLUGIN_FILE ), array(), VERSION );
			return;
		}
		$folder = plugin_dir_path( PLUGIN_FILE );
		$asset  = $folder . 'build/wp-admin.asset.php';
		if ( ! is_readable( $asset ) ) {
			return;
		}
		$built = require $asset;
		wp_enqueue_script( self::SCRIPT, plugins_url( 'build/wp-admin.js', PLUGIN_FILE ), $built['dependencies'], $built['version'], true );
		wp_set_script_translations( self::SCRIPT, 'crosswalk', $folder . 'languages' );
		wp_enqueue_style( self::SCRIPT, plugins_url( 'build/wp-admin.css', PLUGIN_FILE ), array( 'wp-components' ), $built['version'] );
		wp_style_add_data( self::SCRIPT, 'rtl', 'replace' );
	}

	/** The page. */
	public static function show(): void {
		if ( ! current_user_can( Plugin::CAPABILITY ) ) {
			wp_die( esc_html__( 'For this page you need the right to manage WooCommerce. An administrator can give it to you.', 'crosswalk' ), 403 );
		}
		echo '<div class="wrap">';
		if ( self::shows_screens() ) {
			self::show_screens();
		} elseif ( Settings::is_connected() ) {
			Connect_Page::show_settings();
		} else {
			Connect_Page::show_form();
		}
		echo '</div>';
	}

	/** The element the screens are put into. */
	private static function show_screens(): void {
		echo '<h1 class="wp-heading-inline" tabindex="-1">Crosswalk</h1> ';
		printf( '<a class="page-title-action" href="%s">%s</a>', esc_url( self::url( array( 'view' => 'bridge' ) ) ), esc_html__( 'Bridge', 'crosswalk' ) );
		echo '<hr class="wp-header-end">';
		printf(
			'<div id="crosswalk-app" lang="%1$s" data-route="%2$s" data-bridge="%3$s" data-locale="%4$s" data-time-zone="%5$s">%6$s</div>',
			esc_attr( str_replace( '_', '-', get_user_locale() ) ),
			esc_attr( '/' . Rest_Proxy::SPACE . Rest_Proxy::ROUTE ),
			esc_attr( (string) wp_parse_url( (string) ( Settings::bridge()['url'] ?? '' ), PHP_URL_HOST ) ),
			esc_attr( get_user_locale() ),
			esc_attr( wp_timezone_string() ),
			// Seen while the script loads, and where there is none.
			is_readable( plugin_dir_path( PLUGIN_FILE ) . 'build/wp-admin.asset.php' )
				? '<noscript><p>' . esc_html__( 'These pages need JavaScript. Switch it on for this site in your browser.', 'crosswalk' ) . '</p></noscript>'
				: '<p>' . esc_html__( 'The built screens are missing from this copy of the plugin. Install it from its zip file.', 'crosswalk' ) . '</p>'
		);
	}

	/** True where the screens are shown, not the way to the bridge. */
	private static function shows_screens(): bool {
		// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- Chooses what is shown; changes nothing.
		$view = isset( $_GET['view'] ) ? sanitize_key( wp_unslash( $_GET['view'] ) ) : '';
		return Settings::is_connected() && 'bridge' !== $view;
	}
}
