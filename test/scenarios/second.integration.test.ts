/** The second half of the scenario files (README.md). */
import { registerScenarios } from './registerScenarios.ts';

registerScenarios(1);
