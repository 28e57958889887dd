// CPU of the renderer's main thread per frame while the grid scrolls: `node bench/scroll.mjs [query of the mock page]`.
//
// Time on the thread, not on the clock: it holds on a loaded machine too. The budget is 8 ms at 250 pixels a frame; above it the exit code is 1.
// The figures of a page that only asks for frames are printed beside, and a jump of a whole screen per frame as the worst case.
import { openMock } from "./serve.mjs";

const BUDGET_MS = 8;
const FRAMES = 240;
const query = process.argv[2] ?? "rows=1000000&columns=20";

const mock = await openMock();
const page = await mock.open(query);
const session = await mock.context.newCDPSession(page);
await session.send("Performance.enable", { timeDomain: "threadTicks" });

const taskSeconds = async () => {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration").value;
};

/** Scrolls by so many pixels in each frame; gives the milliseconds per frame. */
async function measure(pixels, sideways = false) {
  await page.evaluate(() => (document.querySelector("[role=grid]").scrollTop = 1_000_000));
  await page.waitForTimeout(300);
  const before = await taskSeconds();
  await page.evaluate(
    ([step, frames, sideways]) =>
      new Promise((done) => {
        const grid = document.querySelector("[role=grid]");
        let left = frames;
        let direction = 1;
        const frame = () => {
          if (sideways) {
            if (grid.scrollLeft + grid.clientWidth >= grid.scrollWidth - 1) direction = -1;
            if (grid.scrollLeft <= 0) direction = 1;
            grid.scrollLeft += step * direction;
          } else if (step > 0) grid.scrollTop += step;
          left -= 1;
          if (left > 0) requestAnimationFrame(frame);
          else done();
        };
        requestAnimationFrame(frame);
      }),
    [pixels, FRAMES, sideways],
  );
  return ((await taskSeconds()) - before) * (1000 / FRAMES);
}

const rows = [["blank", await measure(0)]];
for (const pixels of [80, 250, 1500]) rows.push([`${pixels} px/frame`, await measure(pixels)]);
rows.push(["80 px/frame sideways", await measure(80, true)]);
for (const [name, milliseconds] of rows) console.log(`${milliseconds.toFixed(1).padStart(6)} ms  ${name}`);
const rowCount = await page.getAttribute("[role=grid]", "aria-rowcount");
console.log(`main thread per frame; ${rowCount} rows, ${await page.locator("[role=gridcell]").count()} cells in the page, ${query}`);
await mock.close();
const hard = rows.find(([name]) => name.startsWith("250"))?.[1] ?? 0;
if (hard > BUDGET_MS) {
  console.log(`above the budget of ${BUDGET_MS} ms at 250 px/frame`);
  process.exitCode = 1;
}
