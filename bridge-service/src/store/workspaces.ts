import { newId } from './ids.ts'
import type { Executor, WorkspaceTable } from './schema.ts'

export type WorkspaceRow = Pick<WorkspaceTable, 'id' | 'name'> & { created_at: Date }

export async function createWorkspace(
  db: Executor,
  name: string,
  id = newId('workspace'),
): Promise<WorkspaceRow> {
  return db.insertInto('workspace').values({ id, name }).returningAll().executeTakeFirstOrThrow()
}

export async function getWorkspace(db: Executor, id: string): Promise<WorkspaceRow | undefined> {
  return db.selectFrom('workspace').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function listWorkspaces(db: Executor): Promise<WorkspaceRow[]> {
  return db.selectFrom('workspace').selectAll().orderBy('created_at').orderBy('id').execute()
}
