<?php
/**
 * Action Scheduler's functions: what is planned stands in an option, and nothing runs by itself.
 */

defined( 'ABSPATH' ) || exit;

function as_schedule_recurring_action( $at, $every, $hook, $args = array(), $group = '' ) {
	update_option( 'stub_actions', array( $hook => array( $every, $group ) ) + (array) get_option( 'stub_actions', array() ) );
	return 1;
}

function as_has_scheduled_action( $hook, $args = null, $group = '' ) {
	return isset( ( (array) get_option( 'stub_actions', array() ) )[ $hook ] );
}

function as_unschedule_all_actions( $hook, $args = array(), $group = '' ) {
	update_option( 'stub_actions', array_diff_key( (array) get_option( 'stub_actions', array() ), array( $hook => 1 ) ) );
}
