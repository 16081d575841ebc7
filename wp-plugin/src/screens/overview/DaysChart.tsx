import { useEffect, useRef } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import UPlot, { type AlignedData, type Options } from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { count, plainDay } from '../parts/format.ts'
import type { Day } from './days.ts'

const HEIGHT = 220
/** As the states are drawn: in place, failed. */
const GREEN = '#007017'
const RED = '#b32d2e'

/** Bars lie on each other: what failed stands on top of what is in place. */
function drawn(days: readonly Day[]): AlignedData {
  const inPlace = days.map(({ created, updated }) => created + updated)
  return [days.map((_, at) => at), days.map(({ failed }, at) => (inPlace[at] ?? 0) + failed), inPlace]
}

function options(days: readonly Day[], width: number): Options {
  const bars = UPlot.paths.bars?.({ size: [0.6, 40] })
  const series = (stroke: string) => ({ stroke, fill: stroke, width: 0, points: { show: false }, ...(bars ? { paths: bars } : {}) }) // prettier-ignore
  const quiet = { stroke: '#50575e', grid: { stroke: '#dcdcde', width: 1 }, ticks: { show: false } }
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, range: [-0.5, days.length - 0.5] }, y: { range: (_, __, max) => [0, Math.max(4, max * 1.1)] } }, // prettier-ignore
    series: [{}, series(RED), series(GREEN)],
    axes: [
      {
        ...quiet,
        grid: { show: false },
        // As many days as fit; a day's name takes some 60 px.
        splits: () => {
          const step = Math.ceil((days.length * 60) / Math.max(width - 60, 60))
          return days.map((_, at) => at).filter((at) => (days.length - 1 - at) % step === 0)
        },
        values: (_, splits) => splits.map((at) => plainDay(days[at]?.day ?? '')),
      },
      { ...quiet, size: 60, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6], values: (_, splits) => splits.map(count) }, // prettier-ignore
    ],
  }
}

/** Records per day as bars. What it says is also told in words; the table has every number. */
export default function DaysChart({ days }: { days: readonly Day[] }) {
  const place = useRef<HTMLDivElement>(null)
  const shown = JSON.stringify(days)
  useEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const of = JSON.parse(shown) as Day[]
    let chart: UPlot | undefined
    let width = 0
    const watch = new ResizeObserver(() => {
      if (element.clientWidth === width) return
      width = element.clientWidth
      chart?.destroy()
      chart = new UPlot(options(of, width), drawn(of), element)
    })
    watch.observe(element)
    return () => {
      watch.disconnect()
      chart?.destroy()
    }
  }, [shown])
  const sum = (of: (day: Day) => number): string => count(days.reduce((all, day) => all + of(day), 0))
  const words = sprintf(
    // translators: 1: number of days; 2, 3: numbers of records
    __('Bars for the last %1$s days: %2$s records came into place, %3$s failed.', 'crosswalk'),
    ...([
      count(days.length),
      sum(({ created, updated }) => created + updated),
      sum(({ failed }) => failed),
    ] as const),
  )
  return (
    <>
      <div className="cw-chart" role="img" aria-label={words} ref={place} />
      <p className="cw-quiet cw-legend">
        <span className="is-live">{__('New or changed', 'crosswalk')}</span>
        <span className="is-failed">{__('Failed', 'crosswalk')}</span>
      </p>
    </>
  )
}
