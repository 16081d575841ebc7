import { useId } from '@wordpress/element'

/** An id of this very part of the page. @param name what it is the id of */
export const useInstanceId = (name: string): string => `cw-${name}-${useId().replaceAll(':', '')}`
