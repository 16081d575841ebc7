import type { ReactNode } from 'react'
import { Card as WpCard, CardBody, CardHeader } from '@wordpress/components'

/** A group of facts under a heading. No card stands in a card. */
export const Card = (props: {
  title: ReactNode
  beside?: ReactNode
  className?: string
  children: ReactNode
}) => (
  <WpCard className={`cw-card ${props.className ?? ''}`} size="small">
    <CardHeader>
      <h2>{props.title}</h2>
      {props.beside}
    </CardHeader>
    <CardBody>{props.children}</CardBody>
  </WpCard>
)
