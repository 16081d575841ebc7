export type NeedName = 'postgres' | 'chromium' | 'php' | 'wordpress'

/** `value` is the connection string, or the path of the program. */
export type NeedResult = { ok: true; value: string } | { ok: false; reason: string }

export interface Need {
  title: string
  remedy: string
  probe(): Promise<NeedResult>
}

export const needs: Record<NeedName, Need>
export function needsAreMandatory(): boolean
export function describeMissing(name: NeedName, reason: string): string
export function findNeed(name: NeedName): Promise<NeedResult>
