import type { FunctionComponent } from 'react'
import { MultiselectField, SelectField, SwitchField, TokensField } from './ChoiceFields.tsx'
import { ConditionField } from './ConditionField.tsx'
import type { FieldProps } from './context.ts'
import { type FieldPath, type FormField, keyOf, type Values } from './model.ts'
import { PairsField } from './PairsField.tsx'
import { PathField } from './PathField.tsx'
import { GroupField, RowsField } from './RowsField.tsx'
import { NumberField, TextareaField, TextField } from './TextField.tsx'

const SHOWN_AS: Readonly<Record<FormField['widget'], FunctionComponent<FieldProps>>> = {
  text: TextField,
  email: TextField,
  url: TextField,
  date: TextField,
  secret: TextField,
  textarea: TextareaField,
  number: NumberField,
  switch: SwitchField,
  select: SelectField,
  multiselect: MultiselectField,
  emails: TokensField,
  tags: TokensField,
  condition: ConditionField,
  path: PathField,
  table: PairsField,
  rows: RowsField,
  group: GroupField,
}

/** Fields below each other. What a newer bridge has another way for is a line of text, never nothing. */
export function Fields(props: {
  fields: readonly FormField[]
  path: FieldPath
  values: Values
  onChange: (values: Values) => void
}) {
  const { fields, path, values, onChange } = props
  return (
    <>
      {fields.map((field) => {
        const Shown = Object.hasOwn(SHOWN_AS, field.widget) ? SHOWN_AS[field.widget] : TextField
        const at = [...path, field.name]
        return (
          <div key={field.name} className="cw-field" data-field={keyOf(at)}>
            <Shown field={field} path={at} value={values[field.name]} onChange={(value) => onChange({ ...values, [field.name]: value })} />
          </div>
        )
      })}
    </>
  ) // prettier-ignore
}
