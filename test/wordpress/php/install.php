<?php
/**
 * Installs WordPress and the plugins: php install.php FOLDER ZIP
 */

list( , $folder, $zip ) = $argv;
define( 'WP_INSTALLING', true );
$_SERVER['HTTP_HOST'] = parse_url( getenv( 'SITE_URL' ), PHP_URL_HOST ) . ':' . parse_url( getenv( 'SITE_URL' ), PHP_URL_PORT );
require $folder . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

// The mail that welcomes a new owner goes nowhere.
add_filter( 'pre_wp_mail', '__return_true' );
wp_install( 'Example Shop', 'owner', 'owner@example.com', true, '', 'owner-password' );
update_option( 'permalink_structure', '/%postname%/' );
update_option( 'timezone_string', 'Europe/Amsterdam' );
// Pictures of people come from elsewhere.
update_option( 'show_avatars', 0 );
// Nobody asks it of a test to choose.
update_user_meta( 1, 'show_welcome_panel', 0 );
wp_create_user( 'clerk', 'clerk-password', 'clerk@example.com' );
get_user_by( 'login', 'clerk' )->set_role( 'editor' );

$archive = new ZipArchive();
if ( true !== $archive->open( $zip ) || ! $archive->extractTo( WP_PLUGIN_DIR ) ) {
	fwrite( STDERR, "the archive cannot be unpacked: $zip\n" );
	exit( 1 );
}
echo "installed\n";
