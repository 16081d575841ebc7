import express from 'express'
import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

describe('the configuration', () => {
  it('has a working default for everything', () => {
    expect(readConfig({})).toMatchObject({
      port: 8787,
      host: '127.0.0.1',
      databaseUrl: null,
      publicUrl: null,
      trustProxy: 0,
      work: true,
    })
  })

  it('takes the public address without a slash at its end', () => {
    expect(readConfig({ PUBLIC_URL: 'https://bridge.example.com/' }).publicUrl).toBe(
      'https://bridge.example.com',
    )
  })

  it.each([
    [{ PORT: 'eighty' }, 'PORT'],
    [{ PORT: '70000' }, 'PORT'],
    [{ PUBLIC_URL: 'bridge.example.com' }, 'PUBLIC_URL'],
    [{ PUBLIC_URL: 'ftp://bridge.example.com' }, 'PUBLIC_URL'],
    [{ TRUST_PROXY: 'true' }, 'TRUST_PROXY: "true" would believe every caller'],
    [{ TRUST_PROXY: 'yes' }, 'TRUST_PROXY: "yes" is no address or range. Give a number of proxies such as 1'],
    [{ TRUST_PROXY: '200' }, 'TRUST_PROXY: 200 proxies in a row'],
    [{ TRUST_PROXY: '-1' }, 'TRUST_PROXY'],
    [{ TRUST_PROXY: '1,2' }, 'TRUST_PROXY: "1" is no address'],
    [{ TRUST_PROXY: '10.0.0.0/33' }, 'TRUST_PROXY: "10.0.0.0/33"'],
    [{ TRUST_PROXY: '0.0.0.0/0' }, 'TRUST_PROXY'],
    [{ TRUST_PROXY: '::/0' }, 'TRUST_PROXY'],
    [{ TRUST_PROXY: '10.0.0.1, proxy.example.com' }, 'TRUST_PROXY: "proxy.example.com"'],
    [{ ALLOW_HOSTS: 'localhost' }, 'ALLOW_HOSTS: "localhost" is not host:port'],
    [{ ALLOW_HOSTS: '127.0.0.1:80,*' }, 'ALLOW_HOSTS'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
    [{ WORKER_SLOTS: '0' }, 'WORKER_SLOTS'],
    [{ SMTP_URL: 'mail.example.com' }, 'SMTP_URL'],
    [{ SMTP_URL: 'smtps://mail.example.com' }, 'SMTP_FROM'],
    [{ CROSSWALK_KILL_AT: 'after-intent' }, 'CROSSWALK_KILL_AT'],
  ])('refuses %j and names the variable', (environment, words) => {
    expect(() => readConfig(environment)).toThrow(ConfigError)
    expect(() => readConfig(environment)).toThrow(words)
  })

  it('opens single hosts only', () => {
    expect(readConfig({ ALLOW_HOSTS: '127.0.0.1:4000, [::1]:4001' }).allowHosts).toEqual([
      '127.0.0.1:4000',
      '[::1]:4001',
    ])
  })

  it.each([
    ['', 0],
    ['0', 0],
    ['2', 2],
    ['10.0.0.5', ['10.0.0.5']],
    ['loopback, 10.0.0.0/8,2001:db8::/32 ', ['loopback', '10.0.0.0/8', '2001:db8::/32']],
  ])('trusts the proxies of TRUST_PROXY=%j, and Express takes them', (text, trusted) => {
    const { trustProxy } = readConfig({ TRUST_PROXY: text })
    expect(trustProxy).toEqual(trusted)
    express().set('trust proxy', trustProxy)
  })
})
