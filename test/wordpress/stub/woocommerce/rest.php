<?php
/**
 * The REST API `wc/v3`: signatures are checked against this shop's keys (plain http: OAuth 1.0a only, as WooCommerce
 * does), then a simulator answers.
 */

defined( 'ABSPATH' ) || exit;

/** So that the site's index names it. */
add_action(
	'rest_api_init',
	static function () {
		register_rest_route(
			'wc/v3',
			'/stub',
			array(
				'methods'             => 'GET',
				'callback'            => '__return_null',
				'permission_callback' => '__return_true',
			)
		);
	}
);

add_action(
	'init',
	static function () {
		$uri = $_SERVER['REQUEST_URI'] ?? '';
		if ( 0 !== strpos( $uri, '/wp-json/wc/v3/' ) ) {
			return;
		}
		$key = stub_key( stub_query() );
		if ( null === $key ) {
			stub_answer( 401, array( 'content-type' => 'application/json' ), '{"code":"woocommerce_rest_cannot_view","message":"Sorry, you cannot list resources.","data":{"status":401}}' );
		}
		if ( false === $key ) {
			stub_answer( 401, array( 'content-type' => 'application/json' ), '{"code":"woocommerce_rest_authentication_error","message":"Invalid signature - provided signature does not match.","data":{"status":401}}' );
		}
		list( $status, $headers, $body ) = stub_forward( $_SERVER['REQUEST_METHOD'], $uri, file_get_contents( 'php://input' ) );
		stub_answer( $status, $headers, $body );
	},
	0
);

/** Names and values of the query, decoded, names as they were sent. */
function stub_query() {
	$pairs = array();
	foreach ( explode( '&', $_SERVER['QUERY_STRING'] ?? '' ) as $pair ) {
		list( $name, $value )       = explode( '=', $pair, 2 ) + array( '', '' );
		$pairs[ urldecode( $name ) ] = urldecode( $value );
	}
	unset( $pairs[''] );
	return $pairs;
}

/** The key a request is signed with; null without one, false where the signature is wrong. */
function stub_key( $query ) {
	global $wpdb;
	if ( empty( $query['oauth_consumer_key'] ) || empty( $query['oauth_signature'] ) ) {
		return null;
	}
	$key = $wpdb->get_row( $wpdb->prepare( "SELECT * FROM {$wpdb->prefix}woocommerce_api_keys WHERE consumer_key = %s", wc_api_hash( $query['oauth_consumer_key'] ) ) );
	if ( ! $key || abs( time() - (int) ( $query['oauth_timestamp'] ?? 0 ) ) > 900 ) {
		return false;
	}
	$sent = $query['oauth_signature'];
	unset( $query['oauth_signature'] );
	$lines = array();
	foreach ( $query as $name => $value ) {
		$lines[] = rawurlencode( $name ) . '=' . rawurlencode( $value );
	}
	sort( $lines, SORT_STRING );
	$address = home_url( (string) strtok( $_SERVER['REQUEST_URI'], '?' ) );
	$base    = implode( '&', array_map( 'rawurlencode', array( $_SERVER['REQUEST_METHOD'], $address, implode( '&', $lines ) ) ) );
	$right   = base64_encode( hash_hmac( 'sha256', $base, $key->consumer_secret . '&', true ) );
	return hash_equals( $right, $sent ) ? $key : false;
}

/** Asks the simulator, with its own key. @return array{int, array<string,string>, string} */
function stub_forward( $method, $uri, $body ) {
	$headers = array();
	$call    = curl_init( STUB_SIMULATOR . preg_replace( '/([?&])oauth_[^&]*/', '$1', $uri ) );
	curl_setopt_array(
		$call,
		array(
			CURLOPT_CUSTOMREQUEST  => $method,
			CURLOPT_RETURNTRANSFER => true,
			CURLOPT_USERPWD        => 'ck_' . str_repeat( '1', 40 ) . ':cs_' . str_repeat( '1', 40 ),
			CURLOPT_HTTPHEADER     => array( 'Content-Type: ' . ( $_SERVER['CONTENT_TYPE'] ?? 'application/json' ), 'Expect:' ),
			CURLOPT_HEADERFUNCTION => static function ( $_, $line ) use ( &$headers ) {
				list( $name, $value ) = explode( ':', $line, 2 ) + array( '', '' );
				if ( preg_match( '/^(?:content-type|x-wp-.*|link|allow)$/i', $name ) ) {
					$headers[ strtolower( $name ) ] = trim( $value );
				}
				return strlen( $line );
			},
		) + ( '' === $body ? array() : array( CURLOPT_POSTFIELDS => $body ) )
	);
	$text = (string) curl_exec( $call );
	return array( (int) curl_getinfo( $call, CURLINFO_RESPONSE_CODE ), $headers, $text );
}

function stub_answer( $status, $headers, $body ) {
	status_header( $status );
	foreach ( $headers as $name => $value ) {
		header( "$name: $value" );
	}
	echo $body;
	exit;
}
