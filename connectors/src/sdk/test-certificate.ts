import { generateKeyPairSync, sign } from 'node:crypto'

/** DER (ITU-T X.690): tag, length, contents. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const length =
    body.length < 0x80
      ? [body.length]
      : body.length < 0x100
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts)
const hex = (text: string): Buffer => Buffer.from(text, 'hex')
const utcTime = (text: string): Buffer => der(0x17, Buffer.from(text, 'latin1'))
const bits = (content: Buffer): Buffer => der(0x03, hex('00'), content)

/** ecdsa-with-SHA256 */
const ALGORITHM = sequence(hex('06082a8648ce3d040302'))
const OID_COMMON_NAME = hex('0603550403')
const OID_ALTERNATIVE_NAME = hex('0603551d11')

/**
 * A new self-signed certificate for a name, good until `until` (RFC 5280 4.1; YYMMDD), as PEM. Made anew for each test, so
 * that no private key lies in the repository.
 */
export function selfSigned(name: string, until = '491231'): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const subject = sequence(der(0x31, sequence(OID_COMMON_NAME, der(0x0c, Buffer.from(name)))))
  const names = sequence(der(0x82, Buffer.from(name, 'latin1')))
  const extensions = der(0xa3, sequence(sequence(OID_ALTERNATIVE_NAME, der(0x04, names))))
  const body = sequence(
    hex('a003020102'),
    hex('020101'),
    ALGORITHM,
    subject,
    sequence(utcTime('200101000000Z'), utcTime(`${until}235959Z`)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions,
  )
  const whole = sequence(body, ALGORITHM, bits(sign('sha256', body, privateKey)))
  const lines = whole.toString('base64').replace(/.{64}(?=.)/g, '$&\n')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  }
}
