export interface Stage {
  id: string
  label: string
  displayOrder: number
  metadata: Record<string, string>
  createdAt: number
  updatedAt: number
}

export interface Pipeline {
  id: string
  label: string
  displayOrder: number
  stages: Map<string, Stage>
  createdAt: number
  updatedAt: number
}

/** The default order pipeline's id; real portals have a uuid-like one that differs from portal to portal. */
export const ORDER_PIPELINE_ID = '14a2e10e-5471-408a-906e-c51f3b04369e'

type Row = [id: string, label: string, metadata: Record<string, string>]
const probability = (value: string): Record<string, string> => ({
  isClosed: String(value === '0.0' || value === '1.0'),
  probability: value,
})

const DEAL_STAGES: Row[] = [
  ['appointmentscheduled', 'Appointment Scheduled', probability('0.2')],
  ['qualifiedtobuy', 'Qualified To Buy', probability('0.4')],
  ['presentationscheduled', 'Presentation Scheduled', probability('0.6')],
  ['decisionmakerboughtin', 'Decision Maker Bought-In', probability('0.8')],
  ['contractsent', 'Contract Sent', probability('0.9')],
  ['closedwon', 'Closed Won', probability('1.0')],
  ['closedlost', 'Closed Lost', probability('0.0')],
]

const ORDER_STAGES: Row[] = [
  ['4b27b500-f031-4927-9811-68a0b525cbae', 'Open', { state: 'OPEN' }],
  ['937ea84d-0a4f-4dcf-9028-3f9c2aafbf03', 'Processed', { state: 'OPEN' }],
  ['3725360f-519b-4b18-a593-494d60a29c9f', 'Shipped', { state: 'OPEN' }],
  ['aa99e8d0-c1d5-4071-b915-d240bbb1aed9', 'Delivered', { state: 'CLOSED' }],
  ['3c85a297-e9ce-400b-b42e-9f16853d69d6', 'Cancelled', { state: 'CLOSED' }],
]

function pipeline(id: string, label: string, rows: Row[], now: number): Pipeline {
  const stages = rows.map(([stageId, stageLabel, metadata], displayOrder): [string, Stage] => [
    stageId,
    { id: stageId, label: stageLabel, displayOrder, metadata, createdAt: now, updatedAt: now },
  ])
  return { id, label, displayOrder: 0, stages: new Map(stages), createdAt: now, updatedAt: now }
}

/** The pipelines of a new portal, by object name and pipeline id. */
export function defaultPipelines(now: number): Map<string, Map<string, Pipeline>> {
  const deals = pipeline('default', 'Sales Pipeline', DEAL_STAGES, now)
  const orders = pipeline(ORDER_PIPELINE_ID, 'Order Pipeline', ORDER_STAGES, now)
  return new Map([
    ['deals', new Map([[deals.id, deals]])],
    ['orders', new Map([[orders.id, orders]])],
  ])
}
