<?php
/**
 * Does something inside WordPress and prints what comes of it as JSON: php run.php FOLDER 'return get_option( "x" );'
 */

list( , $folder, $code ) = $argv;
$_SERVER['HTTP_HOST']   = parse_url( getenv( 'SITE_URL' ), PHP_URL_HOST ) . ':' . parse_url( getenv( 'SITE_URL' ), PHP_URL_PORT );
require $folder . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
$result = eval( $code );
echo "\n", wp_json_encode( is_wp_error( $result ) ? array( 'error' => $result->get_error_message() ) : $result ), "\n";
