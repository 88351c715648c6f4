/**
 * Time in place of epochs: from measured rates to a timetable ({@link
 * engine.train.budget.BudgetPlanner}), and back to it while the run goes on ({@link
 * engine.train.budget.BudgetWatch}). Arithmetic on seconds, which knows no network: what is
 * measured comes from {@code engine.train}, and the timetable is data of the recipe. Start reading
 * at {@link engine.train.budget.BudgetPlanner}.
 */
package engine.train.budget;
