import { ComboboxControl } from '@wordpress/components'
import { useMemo } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { Field } from '@crosswalk/shared/mapping'
import { nameOfPath, pathOfName } from '../form/condition.ts'
import { useCatalogues } from './context.ts'
import { labelsOf, typeWord } from './words.ts'

type Path = (string | number)[]

interface Item {
  value: string
  label: string
  type?: string
  example?: string
}

const nameOf = (field: Field): string => nameOfPath(field.path ?? [field.name])

/** A field of the source, found by typing a part of its name; each with its kind and what the sample holds in it. */
export function FieldPicker(props: { label: string; value: Path | null; onChange: (path: Path) => void }) {
  const { label, value, onChange } = props
  const { sources, examples } = useCatalogues()
  const options = useMemo(() => {
    const labels = labelsOf(sources)
    return sources.map((field): Item => ({
      value: nameOf(field),
      label: labels.get(nameOf(field)) ?? field.label,
      type: typeWord(field.type),
      example: examples[field.name] ?? field.example,
    }))
  }, [sources, examples])
  const chosen = value === null ? null : nameOfPath(value)
  const isKnown = chosen === null || options.some((option) => option.value === chosen)
  // translators: %s: name of a field
  const stray = { value: chosen ?? '', label: sprintf(__('%s (not in the catalogue)', 'crosswalk'), chosen ?? '') } // prettier-ignore
  const example = options.find((option) => option.value === chosen)?.example
  return (
    <ComboboxControl
      __next40pxDefaultSize
      className="cw-field-picker"
      label={label}
      help={example ? sprintf(/* translators: %s: a value */ __('Now: %s', 'crosswalk'), example) : undefined}
      allowReset={false}
      value={chosen}
      options={isKnown ? options : [stray, ...options]}
      onChange={(name) => name && onChange(pathOfName(name))}
      __experimentalRenderItem={({ item }) => <FieldItem item={item} />}
    />
  ) // prettier-ignore
}

const FieldItem = ({ item }: { item: Item }) => (
  <span className="cw-field-item">
    <span>{item.label}</span>
    <span className="cw-quiet">
      {item.type}
      {item.example ? ` · ${item.example}` : ''}
    </span>
  </span>
)
