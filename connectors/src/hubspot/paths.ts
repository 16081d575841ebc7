import type { HubSpotContext } from './facts.ts'
import type { ObjectName } from './object-types.ts'

/** Paths below the API's host. Objects, properties, pipelines and associations share one version. */
export const objectsPath = (context: HubSpotContext, object: ObjectName, rest = ''): string =>
  `/crm/objects/${context.settings.apiVersion}/${object}${rest}`

export const propertiesPath = (context: HubSpotContext, object: ObjectName, rest = ''): string =>
  `/crm/properties/${context.settings.apiVersion}/${object}${rest}`

export const pipelinesPath = (context: HubSpotContext, object: 'deals' | 'orders'): string =>
  `/crm/pipelines/${context.settings.apiVersion}/${object}`

export const associationsPath = (context: HubSpotContext, from: string, to: string, rest: string): string =>
  `/crm/associations/${context.settings.apiVersion}/${from}/${to}${rest}`

export const accountPath = (context: HubSpotContext): string =>
  `/account-info/${context.settings.apiVersion}/details`
