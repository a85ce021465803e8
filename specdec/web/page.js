// What the Gradio page carries: the stage, the race, and the widgets that Gradio does not have.
import { examples } from "./app/examples.js";
import { fold } from "./app/fold.js";
import { header } from "./app/header.js";
import { picker } from "./app/picker.js";
import { segments } from "./app/segments.js";
import { treelet } from "./app/treelet.js";
import { describe } from "./core/schema.js";
import { speak } from "./core/words.js";
import { mountRace } from "./race/race.js";
import { mountStage } from "./stage/stage.js";

const specdec = /** @type {any} */ (window).specdec;
speak(specdec.words);
describe(specdec.schema);
Object.assign(specdec, { stage: mountStage, race: mountRace, header, fold, picker, segments, examples, treelet });
