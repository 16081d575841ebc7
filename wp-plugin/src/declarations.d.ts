// The build takes styles as imports; they export nothing.
declare module '*.scss'
declare module '*.css'
