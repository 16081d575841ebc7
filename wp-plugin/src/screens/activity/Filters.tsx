import type { FormEvent } from 'react'
import { Button, SelectControl, TextControl } from '@wordpress/components'
import { useEffect, useState } from '@wordpress/element'
import { __ } from '@wordpress/i18n'
import { RECORD_STATES, type Flow } from '@crosswalk/shared/contract'
import { recordState } from '../parts/records.ts'
import { usePlace } from '../place.tsx'

/** Search and choices; what is set stands in the address. */
export function Filters({ flows }: { flows: readonly Flow[] }) {
  const { path, query, go } = usePlace()
  const asked = query['search'] ?? ''
  const [search, setSearch] = useState(asked)
  useEffect(() => setSearch(asked), [asked])
  const apply = (change: Record<string, string>): void => {
    const { cursor: _cursor, ...filters } = query
    go(path, { ...filters, search: search.trim(), ...change })
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    apply({})
  }
  const any = { value: '', label: __('Any', 'crosswalk') }
  return (
    <form className="cw-filters" role="search" onSubmit={submit}>
      <TextControl
        __next40pxDefaultSize
        type="search"
        label={__('Search', 'crosswalk')}
        placeholder={__('Order number, e-mail, id', 'crosswalk')}
        maxLength={100}
        value={search}
        onChange={setSearch}
      />
      <SelectControl
        __next40pxDefaultSize
        label={__('State', 'crosswalk')}
        value={query['state'] ?? ''}
        options={[
          any,
          ...RECORD_STATES.map((value) => ({ value, label: recordState(value, undefined).word })),
        ]}
        onChange={(state) => apply({ state })}
      />
      <SelectControl
        __next40pxDefaultSize
        label={__('Flow', 'crosswalk')}
        value={query['flow'] ?? ''}
        options={[any, ...flows.map(({ id, name }) => ({ value: id, label: name }))]}
        onChange={(flow) => apply({ flow })}
      />
      <Button __next40pxDefaultSize variant="secondary" type="submit">
        {__('Search records', 'crosswalk')}
      </Button>
    </form>
  )
}
