import { describe, expect, it } from 'vitest'
import { companyDomain, isFreeMail } from './free-mail.ts'

describe('companyDomain', () => {
  it.each([
    ['jan@gmail.com'], ['jan@ziggo.nl'], ['jan@yahoo.co.uk'], ['jan@hotmail.fr'], ['jan@outlook.com'], ['jan@live.nl'],
    ['x@marketplace.amazon.de'], ['x@privaterelay.appleid.com'],
  ])('%s is nobody’s company', (email) => {
    expect(companyDomain(email)).toBeNull()
  }) // prettier-ignore

  it('is the domain of any other address', () => {
    expect(companyDomain('jan@acme.example.com')).toBe('acme.example.com')
    expect(companyDomain(null)).toBeNull()
  })

  it('does not mistake a company for a provider it is named like', () => {
    expect(isFreeMail('live.example.com')).toBe(false)
    expect(isFreeMail('notgmail.com')).toBe(false)
  })
})
