// Evaluates OpenStreetMap opening hours with npm's opening_hours: one JSON object a line in, {value, from, to}; one out, {open} or {error}.
// open is [day, from, to, comment] of each interval: days since `from`, minutes after midnight. Run it with TZ=UTC.
import {createInterface} from 'node:readline';
import opening_hours from 'opening_hours';

const country = {address: {country_code: 'fr', country: 'France', state: 'Normandie'}};
const minute = 60_000, day = 1440;

function evaluate({value, from, to}) {
  const start = new Date(from + 'T00:00:00');
  const hours = new opening_hours(value, country, {mode: 0, locale: 'fr'});
  return hours.getOpenIntervals(start, new Date(to + 'T00:00:00')).flatMap(([a, b, unknown, comment]) => {
    const at = (a - start) / minute, until = (b - start) / minute, days = [];
    for (let t = at; t < until; t = (Math.floor(t / day) + 1) * day) { // cut at midnight
      const d = Math.floor(t / day);
      days.push([d, t - d * day, Math.min(until - d * day, day), comment ?? '']);
    }
    return days;
  });
}

for await (const line of createInterface({input: process.stdin})) {
  try {
    console.log(JSON.stringify({open: evaluate(JSON.parse(line))}));
  } catch (e) {
    console.log(JSON.stringify({error: String(e.message ?? e)}));
  }
}
