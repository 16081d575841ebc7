<?php
/**
 * What plugins declare themselves fit for.
 */

namespace Automattic\WooCommerce\Utilities;

defined( 'ABSPATH' ) || exit;

class FeaturesUtil {
	/** By feature, the files that declared it. */
	public static $declared = array();

	public static function declare_compatibility( $feature, $file, $positive = true ) {
		self::$declared[ $feature ][ plugin_basename( $file ) ] = $positive;
		return true;
	}
}
