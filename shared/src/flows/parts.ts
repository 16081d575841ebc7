/**
 * Roles of the parts a target document is made of, in words every target shares. A target names the steps it needs
 * (a deal: company, contact, product, document, line); flow settings decide which parts a given record has.
 */
export const ROLES = ['company', 'contact', 'category', 'product', 'document', 'line'] as const
export type Role = (typeof ROLES)[number]
