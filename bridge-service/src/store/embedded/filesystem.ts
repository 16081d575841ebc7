import { closeSync, fdatasyncSync, fsyncSync, openSync } from 'node:fs'
import { NodeFS } from '@electric-sql/pglite/nodefs'

interface Stream {
  nfd?: number
  node?: unknown
}

interface NodeFsType {
  stream_ops: { fsync?: (stream: Stream) => number }
  realPath(node: unknown): string
}

interface Module {
  FS: { filesystems: { NODEFS: NodeFsType } }
}

/**
 * PGlite's file system on Node without the hole that no fsync reaches the operating system (upstream issue 1107):
 * a commit is on the disk when it is acknowledged, and directory entries are synced as well. It adds one function
 * to an object of PGlite that is not part of its API, so `syncs` counts, and the store tests at start that it moves.
 */
export class SyncingNodeFS extends NodeFS {
  syncs = 0

  override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(...args)
    const addSync = (module: Module): void => {
      const nodefs = module.FS.filesystems.NODEFS
      nodefs.stream_ops.fsync = (stream) => this.#sync(nodefs, stream)
    }
    const preRun = [...((emscriptenOpts.preRun as unknown[] | undefined) ?? []), addSync]
    return { emscriptenOpts: { ...emscriptenOpts, preRun } as typeof emscriptenOpts }
  }

  #sync(nodefs: NodeFsType, stream: Stream): number {
    this.syncs += 1
    if (typeof stream.nfd === 'number') fdatasyncSync(stream.nfd)
    else if (stream.node && process.platform !== 'win32') syncDirectory(nodefs.realPath(stream.node))
    return 0
  }
}

/** Makes a directory's entries durable. Windows has no such call. */
export function syncDirectory(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
