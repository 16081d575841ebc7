export {
  SCREENS,
  type CauseArea,
  type CauseDefinition,
  type CauseParams,
  type CauseSeverity,
  type RemedyTarget,
  type Screen,
} from './cause.ts'
export * from './catalogue.ts'
export * from './classify.ts'
export * from './render.ts'
export * from './words.ts'
