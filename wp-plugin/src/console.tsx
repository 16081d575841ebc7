import './console/style-nonce.ts'
import '@wordpress/components/build-style/style.css'
import { createRoot } from '@wordpress/element'
import { Console } from './console/Console.tsx'
import './screens/screens.scss'
import './console/console.scss'

const place = document.getElementById('app')
if (place) createRoot(place).render(<Console />)
