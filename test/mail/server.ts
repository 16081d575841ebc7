import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { readMail, type Mail } from './read-mail.ts'

/** A mail as it was taken: who sent it to whom by the envelope, and what was in it. */
export interface TakenMail extends Mail {
  envelopeFrom: string
  envelopeTo: string[]
  /** Whether the connection was encrypted. */
  secure: boolean
  user: string | undefined
}

export interface MailServer {
  port: number
  mails: TakenMail[]
  /** Addresses of recipients with the answer that refuses them. */
  refuse: Map<string, number>
  /** Connections so far. */
  connections: number
  close: () => Promise<void>
}

export interface MailServerOptions {
  /** `at_once`: TLS from the first byte · `starttls`: offered · absent: never. */
  tls?: { how: 'at_once' | 'starttls'; key: string; cert: string }
  login?: { user: string; password: string }
}

/** A mail server that keeps to the rules of SMTP (RFC 5321) and takes nothing that breaks them. */
export async function startMailServer({ tls, login }: MailServerOptions = {}, port = 0): Promise<MailServer> {
  const taken: MailServer = { port: 0, mails: [], refuse: new Map(), connections: 0, close: async () => {} }
  const options: SMTPServerOptions = {
    ...(tls ? { key: tls.key, cert: tls.cert, secure: tls.how === 'at_once' } : {}),
    disabledCommands: [...(tls?.how === 'starttls' ? [] : ['STARTTLS']), ...(login ? [] : ['AUTH'])],
    disableReverseLookup: true,
    onConnect: (_session, done) => {
      taken.connections += 1
      done()
    },
    onAuth: ({ username, password }, _session, done) => {
      const right = username === login?.user && password === login?.password
      if (right) done(null, { user: username as string })
      else done(Object.assign(new Error('no such user'), { responseCode: 535 }))
    },
    onRcptTo: ({ address }, _session, done) => {
      const code = taken.refuse.get(address)
      done(code === undefined ? null : Object.assign(new Error('refused'), { responseCode: code }))
    },
    onData: (stream, { envelope, secure, user }, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        try {
          taken.mails.push({
            ...readMail(Buffer.concat(chunks)),
            envelopeFrom: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
            envelopeTo: envelope.rcptTo.map(({ address }) => address),
            secure,
            user,
          })
          done()
        } catch (error) {
          done(Object.assign(error as Error, { responseCode: 554 }))
        }
      })
    },
  }
  const server = new SMTPServer(options)
  // A client that breaks off is what some tests are about.
  server.on('error', () => undefined)
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  taken.port = (server.server.address() as AddressInfo).port
  taken.close = () => new Promise((done) => server.close(() => done()))
  return taken
}
