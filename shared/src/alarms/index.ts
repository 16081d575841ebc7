export * from './causes.ts'
export * from './settings.ts'
