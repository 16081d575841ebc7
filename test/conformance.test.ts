import { hubspotSubject } from './conformance/hubspot.ts'
import { conformance } from './conformance/suite.ts'
import { woocommerceSubject } from './conformance/woocommerce.ts'

// A connector joins with one line here and a file that says how its simulator is started.
conformance(woocommerceSubject)
conformance(hubspotSubject)
