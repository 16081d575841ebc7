import { createClient, signInContract, type Client } from '@crosswalk/shared/contract'
import { createContext, useContext } from '@wordpress/element'
import { waysToBridge } from './transport.ts'

/** What the console asks before, and while, somebody is signed in with this browser. */
export type WayIn = Client<typeof signInContract>['signIn']

/** A refused password is told by the form it was typed in. */
export const wayIn: WayIn = createClient(signInContract, waysToBridge(null, () => {}).transport).signIn

const WayInContext = createContext<WayIn>(wayIn)
export const WayInProvider = WayInContext.Provider
export const useWayIn = (): WayIn => useContext(WayInContext)
